import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import { s3Error } from './s3-errors.js';

/** A statement of a bucket policy, as far as S3 looks at it when the policy is put. */
interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

export type BucketPolicy = readonly Statement[];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html */
const LIMIT_BYTES = 20 * 1024;
const VERSIONS: readonly unknown[] = [undefined, '2012-10-17', '2008-10-17'];

/**
 * The statements of a bucket policy, checked as S3 does when it is put: JSON, a known version, statements with effect,
 * principal, action and a resource inside the bucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
export function validatePolicy(text: string, bucket: string): BucketPolicy {
  if (Buffer.byteLength(text) > LIMIT_BYTES)
    throw malformed('Normalized policy document exceeds the maximum allowed size');
  const policy = parse(text);
  if (!VERSIONS.includes(policy.Version)) throw malformed('The policy must contain a valid version string');
  const statements = asList(policy.Statement) as Statement[];
  if (statements.length === 0) throw malformed('Could not parse the policy: Statement is empty!');
  for (const statement of statements) checkStatement(statement, bucket);
  return statements;
}

function parse(text: string): Record<string, unknown> {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  if (!isRecord(policy)) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  return policy;
}

function checkStatement(statement: Statement, bucket: string): void {
  if (!isRecord(statement)) throw malformed('Statement must be an object');
  if (statement.Effect === undefined) throw malformed('Missing required field Effect');
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw malformed(`Invalid effect: ${String(statement.Effect)}`);
  }
  if (statement.Principal === undefined && statement.NotPrincipal === undefined) {
    throw malformed('Missing required field Principal');
  }
  if (statement.Action === undefined && statement.NotAction === undefined) {
    throw malformed('Missing required field Action');
  }
  for (const action of [...asList(statement.Action), ...asList(statement.NotAction)]) {
    if (action !== '*' && !/^s3(-[a-z-]+)?:[\w*?]+$/i.test(String(action)))
      throw malformed('Policy has invalid action');
  }
  if (statement.Resource === undefined && statement.NotResource === undefined) {
    throw malformed('Missing required field Resource');
  }
  for (const resource of [...asList(statement.Resource), ...asList(statement.NotResource)]) {
    if (!isWithin(String(resource), bucket)) throw malformed('Policy has invalid resource');
  }
}

/** The resource may use wildcards, but only ones that this bucket's name fits. */
function isWithin(resource: string, bucket: string): boolean {
  const [, name = ''] = /^arn:aws[\w-]*:s3:::([^/]*)/.exec(resource) ?? [];
  if (name === '') return false;
  const pattern = name
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`).test(bucket);
}

/** Whether the policy opens the bucket to anyone. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
export function isPublic(statements: BucketPolicy): boolean {
  return statements.some(
    (statement) => statement.Effect === 'Allow' && isAnyone(statement.Principal) && !isNarrowed(statement.Condition),
  );
}

function isAnyone(principal: unknown): boolean {
  return principal === '*' || (isRecord(principal) && asList(principal.AWS).includes('*'));
}

/** Keys whose fixed values name who may come, or from where. */
const NARROWING = [
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalaccount',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceowner',
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
];

function isNarrowed(condition: unknown): boolean {
  if (!isRecord(condition)) return false;
  const tests = Object.values(condition).filter(isRecord).flatMap(Object.entries);
  return tests.some(([key, value]) => NARROWING.includes(key.toLowerCase()) && !asList(value).some(isOpen));
}

function isOpen(value: unknown): boolean {
  return /[*?]|^0\.0\.0\.0\/0$|^::\/0$/.test(String(value)) && !/^arn:[^*?]*:\d{12}:/.test(String(value));
}

/** A bucket that blocks public policies takes none. */
export function refusePublicPolicy(policy: BucketPolicy, block: PublicAccessBlockConfiguration | undefined): void {
  if (block?.BlockPublicPolicy !== true || !isPublic(policy)) return;
  throw s3Error(
    'AccessDenied',
    'User is not authorized to perform: s3:PutBucketPolicy because public policies are blocked by the ' +
      'BlockPublicPolicy block public access setting.',
  );
}

function malformed(message: string): Error {
  return s3Error('MalformedPolicy', message);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asList(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
