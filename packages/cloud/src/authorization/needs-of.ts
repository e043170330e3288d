import type { GatedRequest } from '../kernel/gates.js';
import type { Need } from '../kernel/identity-port.js';
import type { Kernel } from '../kernel/kernel.js';
import { DynamoDbNeeds } from './dynamodb-needs.js';
import { generalNeeds } from './general-needs.js';
import { objectOf } from './input-reader.js';
import { lambdaNeeds } from './lambda-needs.js';
import { s3Needs } from './s3-needs.js';
import type { TableFacts } from './table-facts.js';
import { tableKeyNeeds } from './table-key-needs.js';

/** Operations that everybody may call, and those whose service looks at policies itself. */
const FREE = new Set(['sts:GetCallerIdentity', 'sts:GetSessionToken', 'sts:AssumeRole', 'dynamodb:DescribeEndpoints']);

/** What a request needs to be allowed, all of it; nothing for operations that need no permission. */
export function needsOf(request: GatedRequest, kernel: Kernel, tables: TableFacts): readonly Need[] {
  const { service, operation, caller, input } = request;
  if (FREE.has(`${service}:${operation}`)) return [];
  switch (service) {
    case 'dynamodb': {
      const needs = new DynamoDbNeeds(caller, tables).of(operation, input);
      return [...needs, ...tableKeyNeeds(needs, tables, request.principal.accountId)];
    }
    case 's3':
      return s3Needs(operation, input);
    case 'lambda':
      return lambdaNeeds(operation, input, caller);
    case 'kms':
      return generalNeeds(service, operation, input, caller).map((need) =>
        keyNeed(withKeyContext(need, request), request, kernel),
      );
    case 'iam':
      return iamNeeds(request, kernel);
    default:
      return generalNeeds(service, operation, input, caller);
  }
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function withKeyContext(need: Need, { principal, input }: GatedRequest): Need {
  const encryption = Object.entries(objectOf(input, 'EncryptionContext'));
  const context: Record<string, string | readonly string[] | undefined> = {
    ...need.context,
    'kms:CallerAccount': principal.accountId,
    'kms:EncryptionContextKeys': encryption.map(([key]) => key),
  };
  for (const [key, value] of encryption) context[`kms:EncryptionContext:${key}`] = String(value);
  return { ...need, context };
}

/** Permissions for keys are for the key itself, whatever alias it is called by. */
function keyNeed(need: Need, { caller }: GatedRequest, { ports }: Kernel): Need {
  if (need.resource === '*' || /:key\//.test(need.resource)) return need;
  try {
    return { ...need, resource: ports.kms.keyArn(caller, need.resource) };
  } catch {
    const name = need.resource.startsWith('alias/') ? need.resource : `key/${need.resource}`;
    return { ...need, resource: `arn:aws:kms:${caller.region}:${caller.accountId}:${name}` };
  }
}

/** Entities of IAM have paths, which requests that name them leave out; without a name it is the caller. */
function iamNeeds(request: GatedRequest, { ports }: Kernel): readonly Need[] {
  const { principal, input, operation, caller } = request;
  const own =
    principal.kind === 'user' && !('UserName' in input) && OWN_USER.has(operation)
      ? { ...input, UserName: principal.userName }
      : input;
  return generalNeeds('iam', operation, own, caller).map((need) => ({
    ...need,
    resource: ports.identity.withPath(need.resource, 'Path' in input ? String(input.Path ?? '/') : '/'),
  }));
}

const OWN_USER = new Set(['GetUser', 'CreateAccessKey', 'DeleteAccessKey', 'ListAccessKeys', 'UpdateAccessKey']);
