import { isOperator } from './conditions.js';

/** Where a document is put: on somebody, on a role to say who may assume it, or on a resource. */
export type PolicyUse = 'identity' | 'trust' | 'resource';

const TOP_FIELDS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_FIELDS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);
const PRINCIPAL_KINDS = new Set(['AWS', 'Service', 'Federated', 'CanonicalUser']);
const SYNTAX = 'Syntax errors in policy.';
const LEGACY = 'The policy failed legacy parsing';
const VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';

/**
 * What IAM would find wrong with a document first, in its words (`MalformedPolicyDocument`); undefined when nothing is.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function policyFault(text: string, use: PolicyUse): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return use === 'trust' ? 'This policy contains invalid Json' : SYNTAX;
  }
  if (!isObject(document) || !Object.keys(document).every((field) => TOP_FIELDS.has(field))) return SYNTAX;
  const { Version: version = '2008-10-17', Statement: given } = document;
  if (version !== '2012-10-17' && version !== '2008-10-17') return SYNTAX;
  if (use === 'identity' && version !== '2012-10-17') return 'Policy document must be version 2012-10-17 or greater.';
  const statements: unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  if (statements.length === 0) return 'Missing required field Statement cannot be empty!';
  for (const statement of statements) {
    const fault = isObject(statement) ? statementFault(statement, use) : SYNTAX;
    if (fault !== undefined) return fault;
  }
  return sidFault(
    statements.filter(isObject).map(({ Sid }) => Sid),
    use,
  );
}

function statementFault(statement: Record<string, unknown>, use: PolicyUse): string | undefined {
  if (!Object.keys(statement).every((field) => STATEMENT_FIELDS.has(field))) return SYNTAX;
  const { Effect: effect, Action, NotAction, Resource, NotResource } = statement;
  if (effect === undefined) return 'Missing required field Effect';
  if (effect !== 'Allow' && effect !== 'Deny') return LEGACY;
  if (Action !== undefined && NotAction !== undefined) return SYNTAX;
  if (Resource !== undefined && NotResource !== undefined) return SYNTAX;
  return (
    principalFault(statement, use) ??
    actionFault(Action ?? NotAction, use) ??
    resourceFault(Resource ?? NotResource, use) ??
    conditionFault(statement.Condition)
  );
}

function principalFault({ Principal, NotPrincipal }: Record<string, unknown>, use: PolicyUse): string | undefined {
  const given = Principal ?? NotPrincipal;
  if (use === 'identity') {
    return given === undefined ? undefined : 'Policy document should not specify a principal.';
  }
  if (given === undefined) return 'Missing required field Principal';
  if (given === '*') return undefined;
  if (!isObject(given)) return `Invalid principal in policy: ${JSON.stringify(given)}`;
  for (const [kind, names] of Object.entries(given)) {
    if (!PRINCIPAL_KINDS.has(kind)) return `Invalid principal in policy: ${JSON.stringify(kind)}`;
    for (const name of [names].flat()) {
      if (typeof name !== 'string' || !isPrincipalName(kind, name)) return invalidPrincipal(kind, name);
    }
  }
  return undefined;
}

export function invalidPrincipal(kind: string, name: unknown): string {
  return `Invalid principal in policy: ${JSON.stringify(kind === 'Service' ? 'SERVICE' : kind)}:${JSON.stringify(name)}`;
}

function isPrincipalName(kind: string, name: string): boolean {
  if (kind === 'Service') return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/.test(name);
  if (kind !== 'AWS' || name === '*') return true;
  return /^\d{12}$/.test(name) || /^arn:aws:(iam|sts)::\d{12}:.+/.test(name) || /^A(ID|RO)A[A-Z0-9]{12,}$/.test(name);
}

function actionFault(given: unknown, use: PolicyUse): string | undefined {
  const actions = [given].flat();
  if (given === undefined || actions.length === 0) {
    return use === 'trust' ? 'Missing required field Action' : 'Policy statement must contain actions.';
  }
  for (const action of actions) {
    if (typeof action !== 'string') return SYNTAX;
    if (action === '*' && use !== 'trust') continue;
    const [vendor = '', name, ...more] = action.split(':');
    if (use === 'trust' && !/^sts:/i.test(action)) return 'AssumeRole policy may only specify STS AssumeRole actions.';
    if (name === undefined) return VENDOR;
    if (more.length > 0) return 'Actions/Condition can contain only one colon.';
    if (!/^[a-z0-9-]+$/i.test(vendor)) return `Vendor ${vendor} is not valid`;
    if (!/^[a-z0-9*?]+$/i.test(name)) return LEGACY;
  }
  return undefined;
}

function resourceFault(given: unknown, use: PolicyUse): string | undefined {
  if (use === 'trust') return given === undefined ? undefined : 'Has prohibited field Resource';
  const resources = [given].flat();
  if (given === undefined || resources.length === 0) {
    return use === 'resource' ? 'Missing required field Resource' : 'Policy statement must contain resources.';
  }
  for (const resource of resources) {
    const fault = typeof resource === 'string' ? arnFault(resource) : SYNTAX;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function arnFault(resource: string): string | undefined {
  if (resource === '*') return undefined;
  const [scheme, partition = '', vendor = '', region] = resource.split(':');
  if (scheme !== 'arn' || region === undefined) return `Resource ${resource} must be in ARN format or "*".`;
  if (!/^(aws(-cn|-us-gov)?|\*)$/.test(partition)) {
    return `Partition "${partition}" is not valid for resource "${resource}".`;
  }
  if (vendor === 'iam' && region !== '' && region !== '*') {
    return `IAM resource ${resource} cannot contain region information.`;
  }
  if (vendor === 's3' && region !== '' && region !== '*') {
    return `Resource ${resource} can not contain region information.`;
  }
  return undefined;
}

function conditionFault(block: unknown): string | undefined {
  if (block === undefined) return undefined;
  if (!isObject(block)) return SYNTAX;
  for (const [operator, keys] of Object.entries(block)) {
    if (!isOperator(operator)) return `Invalid Condition type : ${operator}.`;
    if (!isObject(keys)) return SYNTAX;
    for (const [key, values] of Object.entries(keys)) {
      if (!key.includes(':')) return VENDOR;
      if (![values].flat().every((value) => ['string', 'number', 'boolean'].includes(typeof value))) return SYNTAX;
    }
  }
  return undefined;
}

function sidFault(sids: readonly unknown[], use: PolicyUse): string | undefined {
  const given = sids.filter((sid) => sid !== undefined && sid !== '');
  if (!given.every((sid) => typeof sid === 'string')) return SYNTAX;
  if (use === 'identity' && !given.every((sid) => /^[0-9A-Za-z]*$/.test(String(sid)))) {
    return 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
  }
  if (new Set(given).size < given.length) return 'Statement IDs (SID) in a single policy must be unique.';
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
