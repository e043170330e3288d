import type { Caller } from '../catalog/table.js';
import { validationError } from '../errors.js';
import { invalidParameter } from './invalid-parameter.js';
import { foreignActions, foreignResource, type PolicyHolderKind } from './policy-scope.js';

// Policy documents in the form in which AWS keeps them: without white space, members in one order, lists of one as the
// value alone, accounts as the ARN of their root. What is the same in this form is the same policy.

const MAX_POLICY_BYTES = 20_480;
const DEFAULT_VERSION = '2008-10-17';
const ACCOUNT = /^\d{12}$/;
const MEMBERS = ['Version', 'Id', 'Statement'];
const STATEMENT_MEMBERS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

/** Or its opposite, e.g. NotAction. */
const REQUIRED = ['Effect', 'Principal', 'Action', 'Resource'];

/** An account's root, a user, a role, a session of either, or the unique id of a user or role. */
const PRINCIPAL =
  /^(arn:aws[a-z-]*:(iam::\d{12}:(root$|user\/.|role\/.)|sts::\d{12}:(assumed-role|federated-user)\/.)|A(ID|RO)A\w)/;

/** Those that AWS's pages have in such policies: copies to other accounts' replicas, to Redshift and to SageMaker. */
const SERVICES: ReadonlySet<unknown> = new Set([
  'glue.amazonaws.com',
  'redshift.amazonaws.com',
  'replication.dynamodb.amazonaws.com',
]);

type Members = Readonly<Record<string, unknown>>;

/**
 * Whether IAM knows a principal that a policy of `owner`'s resource names: an ARN of a user, role or session, or the id of
 * one. Names that cannot be principals are not asked for.
 */
export type PrincipalLookup = (name: string, owner: Caller) => boolean;

/** The document in AWS's form. Throws ValidationException with AWS's words when it is no policy. */
export function canonicalPolicy(text: string, kind: PolicyHolderKind): string {
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw invalidParameter(`Maximum policy size of ${MAX_POLICY_BYTES} bytes exceeded`);
  }
  const document = parsed(text);
  const given = document.Statement;
  const statements = Array.isArray(given) ? given : given === undefined ? [] : [given];
  if (statements.length === 0) throw invalidDocument('Could not parse the policy: Statement is empty!');
  const kept = statements.map((statement) => canonicalStatement(statement, text));
  const ids = kept.flatMap(({ Sid }) => (typeof Sid === 'string' ? [Sid] : []));
  if (new Set(ids).size < ids.length) throw invalidDocument('The Statement Ids in the policy are not unique');
  checkScope(kept, kind);
  checkServices(kept);
  if (kept.some(isUnbounded)) {
    throw validationError(
      'Resource-based policy grants unbounded access in one or more elements. Please revise the policy to ensure ' +
        'least-privilege form of access',
    );
  }
  return JSON.stringify(ordered({ ...document, Statement: kept }, MEMBERS));
}

/** Throws when the policy, in AWS's form, names a principal that is none, or that IAM does not know. */
export function checkPrincipals(canonical: string, isKnown: (name: string) => boolean): void {
  const { Statement } = JSON.parse(canonical) as { Statement: readonly Members[] };
  const names = namesOf(Statement, 'AWS').filter((name) => name !== '*');
  if (names.every((name) => typeof name === 'string' && PRINCIPAL.test(name) && isKnown(name))) return;
  throw invalidParameter('Invalid principal in policy document.');
}

/** The document as it is read back: one without a version has the first. */
export function shownPolicy(canonical: string): string {
  const document = JSON.parse(canonical) as Members;
  return document.Version === undefined ? JSON.stringify({ Version: DEFAULT_VERSION, ...document }) : canonical;
}

function parsed(text: string): Members {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = undefined;
  }
  if (document === null) throw invalidDocument('This text appears not to be a policy');
  if (!isMembers(document)) throw invalidDocument('This policy contains invalid Json');
  if (Object.keys(document).length === 0) throw syntaxErrorAfter(text.trimEnd());
  return document;
}

function canonicalStatement(statement: unknown, text: string): Members {
  if (!isMembers(statement)) throw invalidDocument('This policy contains invalid Json');
  const missing = REQUIRED.find((name) => statement[name] === undefined && statement[`Not${name}`] === undefined);
  if (missing !== undefined) throw invalidDocument(`Missing required field ${missing}`);
  const members = Object.entries(statement).map(([name, value]): [string, unknown] => {
    if (name === 'Effect' && typeof value === 'string') return [name, capitalized(value)];
    if (name === 'Principal' || name === 'NotPrincipal') return [name, canonicalPrincipal(value, text)];
    if (name === 'Condition' && isMembers(value))
      return [name, mapped(value, (test) => (isMembers(test) ? mapped(test, single) : test))];
    return [name, single(value)];
  });
  return ordered(Object.fromEntries(members), STATEMENT_MEMBERS);
}

function canonicalPrincipal(value: unknown, text: string): unknown {
  if (value === '*') return value;
  if (typeof value === 'string') {
    throw syntaxErrorAfter(text.slice(0, text.indexOf(JSON.stringify(value)) + value.length + 2));
  }
  if (!isMembers(value)) return value;
  return mapped(value, (names) => {
    const arns = (Array.isArray(names) ? names : [names]).map((name) =>
      typeof name === 'string' && ACCOUNT.test(name) ? `arn:aws:iam::${name}:root` : name,
    );
    return single([...new Set(arns)]);
  });
}

/** Of the services of AWS, a table's policy can let in those that copy tables. */
function checkServices(statements: readonly Members[]): void {
  if (namesOf(statements, 'Service').every((name) => SERVICES.has(name))) return;
  throw invalidDocument('Policy contains invalid service principal');
}

/** What the statements name as principals of this kind, or except from what they say. */
function namesOf(statements: readonly Members[], kind: 'AWS' | 'Service'): unknown[] {
  return statements
    .flatMap(({ Principal, NotPrincipal }) => [Principal, NotPrincipal])
    .flatMap((given) => (isMembers(given) && given[kind] !== undefined ? given[kind] : []));
}

function checkScope(statements: readonly Members[], kind: PolicyHolderKind): void {
  const actions = foreignActions(kind, stringsOf(statements, 'Action'));
  if (actions.length > 0) throw invalidDocument(`The following action names are invalid: ${actions.join(', ')}`);
  for (const arn of stringsOf(statements, 'Resource')) {
    const relative = foreignResource(kind, arn);
    if (relative !== undefined) throw invalidDocument(`The relative-id "${relative}" is invalid for ARN "${arn}"`);
  }
}

/** What the statements say under this name or its opposite. */
function stringsOf(statements: readonly Members[], name: string): string[] {
  return statements
    .flatMap((statement) => [statement[name], statement[`Not${name}`]])
    .flat()
    .filter((value) => typeof value === 'string');
}

/** Whether it allows something to everyone, without a condition. */
function isUnbounded({ Effect, Principal, Condition }: Members): boolean {
  if (Effect !== 'Allow' || Condition !== undefined) return false;
  const aws = isMembers(Principal) ? Principal.AWS : Principal;
  return aws === '*' || (Array.isArray(aws) && aws.includes('*'));
}

function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
}

function mapped(members: Members, change: (value: unknown) => unknown): Members {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value)]));
}

/** The members in this order; those that it does not name come last. */
function ordered(members: Members, names: readonly string[]): Members {
  const known = names.filter((name) => members[name] !== undefined).map((name) => [name, members[name]] as const);
  const others = Object.entries(members).filter(([name]) => !names.includes(name));
  return Object.fromEntries([...known, ...others]);
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Line and column of the character behind what has been read. */
function syntaxErrorAfter(read: string): Error {
  const lines = read.split('\n');
  return invalidDocument(`Syntax error at position (${lines.length},${(lines.at(-1)?.length ?? 0) + 1})`);
}

function invalidDocument(fault: string): Error {
  return invalidParameter(`Invalid policy document: ${fault}`);
}
