import type { OperationName } from '../operation-name.js';
import type { Violation } from './check-constraints.js';

// AWS is moving DynamoDB to another validation framework, operation by operation (since 2026). Where it has moved in
// nearly all regions, an input with a single fault is answered in the new words: the member named as in the API model,
// its value not shown. What is known of inputs with several faults is older, so these keep the older list.

const ONE = '1 validation error detected: ';
const WRITES: ReadonlySet<OperationName> = new Set(['DeleteItem', 'PutItem', 'UpdateItem']);
const BATCHES: ReadonlySet<OperationName> = new Set(['BatchGetItem', 'BatchWriteItem']);
const AT_LEAST_ONE = 'Member must have length greater than or equal to 1';

/** The whole message in AWS's newer words; undefined where the older ones hold. */
export function recentWording(operation: OperationName, violations: readonly Violation[]): string | undefined {
  const [first, second] = violations;
  if (first === undefined) return undefined;
  if (WRITES.has(operation) && violations.some(isEmptyTableName) && !violations.some(isMissing)) {
    return `${ONE}${at('TableName', AT_LEAST_ONE)}`;
  }
  if (
    operation === 'UpdateItem' &&
    violations.every(isEnum) &&
    violations.some(({ path }) => path === 'returnValues')
  ) {
    // The misspelt value is AWS's.
    const values = '[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]';
    return `${ONE}Failed to satisfy constraint: Member must satisfy enum value set: ${values}`;
  }
  return second === undefined ? wordingOfOne(operation, first) : undefined;
}

function wordingOfOne(operation: OperationName, { path, value, rule }: Violation): string | undefined {
  if (isMissing({ value })) return undefined;
  if (operation === 'Query' && path === 'limit') return `${ONE}${at('Limit', rule)}`;
  if (!BATCHES.has(operation) || !path.startsWith('requestItems')) return undefined;
  if (path === 'requestItems' && rule === AT_LEAST_ONE)
    return `The requestItems parameter is required for ${operation}`;
  const table = /^requestItems\.(.*)\.member\.keys$/.exec(path)?.[1];
  return table === undefined ? undefined : `${ONE}${at(`RequestItems.${table}.member.Keys`, rule)}`;
}

function at(member: string, rule: string): string {
  return `Value at '${member}' failed to satisfy constraint: ${rule}`;
}

function isEmptyTableName({ path, value }: Violation): boolean {
  return path === 'tableName' && value === '';
}

function isMissing({ value }: Pick<Violation, 'value'>): boolean {
  return value === undefined;
}

function isEnum({ rule }: Violation): boolean {
  return rule.includes('enum value set');
}
