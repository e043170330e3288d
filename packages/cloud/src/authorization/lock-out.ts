import type { GatedRequest } from '../kernel/gates.js';
import type { ResourcePolicies } from '../kernel/policy/evaluate.js';
import { parsePolicy } from '../kernel/policy/policy-document.js';
import { ServiceError } from '../wire/index.js';
import { textOf } from './input-reader.js';
import type { TableFacts } from './table-facts.js';

export function putsTablePolicy(service: string, operation: string): boolean {
  return operation === 'PutResourcePolicy' && service === 'dynamodb';
}

/**
 * The policy under which the caller must still be able to put another one, so that it does not lock itself out; undefined
 * where it says that it means to, and where the request fails anyway. A policy that keeps the caller from deleting it is
 * taken (recorded on AWS).
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
 */
export function policyToStayUnder({ caller, input }: GatedRequest, tables: TableFacts): ResourcePolicies | undefined {
  const resource = textOf(input, 'ResourceArn');
  const policy = textOf(input, 'Policy');
  if (resource === undefined || policy === undefined) return undefined;
  if ('ConfirmRemoveSelfResourceAccess' in input && input.ConfirmRemoveSelfResourceAccess === true) return undefined;
  if (!tables.takesPolicy(caller, resource, policy)) return undefined;
  return { accountId: caller.accountId, isRequired: false, documents: [parsePolicy(policy)] };
}

export function lockOutError(): ServiceError {
  const message = 'The new resource policy will not allow you to update the resource policy in the future.';
  return new ServiceError('AccessDeniedException', message, { httpStatus: 400, fault: 'client' });
}
