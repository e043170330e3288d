import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import { ConditionContext } from '../../kernel/policy/condition-context.js';
import { Pattern } from '../../kernel/policy/pattern.js';
import { policyFault } from '../../kernel/policy/validate-policy.js';
import { s3Error } from './s3-errors.js';

/** A statement of a bucket policy, as far as S3 looks at it when the policy is put. */
interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
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
 * The statements of a bucket policy, checked as S3 does when it is put: JSON, a known version, sound statements, actions
 * of S3 and resources inside the bucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
export function validatePolicy(text: string, bucket: string): BucketPolicy {
  if (Buffer.byteLength(text) > LIMIT_BYTES)
    throw malformed('Normalized policy document exceeds the maximum allowed size');
  const policy = parse(text);
  if (!VERSIONS.includes(policy.Version)) throw malformed('The policy must contain a valid version string');
  const fault = policyFault(text, 'resource');
  if (fault !== undefined) throw malformed(fault);
  // Whose form policyFault has checked.
  const statements = asList(policy.Statement) as Statement[];
  for (const statement of statements) checkPlace(statement, bucket);
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

/** S3's actions on this bucket and its objects. */
function checkPlace(statement: Statement, bucket: string): void {
  for (const action of [...asList(statement.Action), ...asList(statement.NotAction)]) {
    if (action !== '*' && !/^s3(-[a-z-]+)?:/i.test(String(action))) throw malformed('Policy has invalid action');
  }
  for (const resource of [...asList(statement.Resource), ...asList(statement.NotResource)]) {
    if (!isWithin(String(resource), bucket)) throw malformed('Policy has invalid resource');
  }
}

/** The resource may use wildcards, but only ones that this bucket's name fits. */
function isWithin(resource: string, bucket: string): boolean {
  if (resource === '*') return true;
  const [, name = ''] = /^arn:aws[\w-]*:s3:::([^/]*)/.exec(resource) ?? [];
  return new Pattern(name, { variables: false, wildcards: true }).matches(bucket, new ConditionContext());
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
