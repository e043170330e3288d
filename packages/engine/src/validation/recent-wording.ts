import type { OperationName } from '../operation-name.js';
import type { Violation } from './check-constraints.js';

// AWS is moving DynamoDB to another validation framework, operation by operation (since 2026). Where it has moved in
// nearly all regions, an input with a single fault is answered in the new words: the member named as in the API model,
// its value not shown. What is known of inputs with several faults is older, so these keep the older list. Operations on
// tables and tags have had words of their own for the name of the table since they take ARNs.

/**
 * In which words PutItem, UpdateItem, DeleteItem, GetItem, BatchGetItem and Query refuse what is wrong with a request:
 * those that most suites of tests and years of client code await, or those that AWS answers in 31 of 33 Regions since
 * autumn 2026. Codes and what is refused are the same.
 */
export type ValidationWords = 'older' | 'newer';

const ONE = '1 validation error detected: ';
const WRITES: ReadonlySet<OperationName> = new Set(['DeleteItem', 'PutItem', 'UpdateItem']);
const BATCHES: ReadonlySet<OperationName> = new Set(['BatchGetItem', 'BatchWriteItem']);
/** Those on a table as a whole. */
const ON_TABLES: ReadonlySet<OperationName> = new Set([
  'CreateTable',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'UpdateTable',
  'UpdateTimeToLive',
]);
const INSIGHTS: ReadonlySet<OperationName> = new Set(['DescribeContributorInsights', 'UpdateContributorInsights']);
const TAGGING: ReadonlySet<OperationName> = new Set(['ListTagsOfResource', 'TagResource', 'UntagResource']);
const RESTORES: ReadonlySet<OperationName> = new Set(['RestoreTableFromBackup', 'RestoreTableToPointInTime']);
const NAME_LENGTH = lengthOf('TableName');
const AT_LEAST_ONE = 'Member must have length greater than or equal to 1';

/** The whole message where it is not the older framework's list; `words` are for what clients knew in older ones. */
export function recentWording(
  operation: OperationName,
  violations: readonly Violation[],
  input: Record<string, unknown>,
  words: ValidationWords,
): string | undefined {
  const [first, second] = violations;
  if (first === undefined) return undefined;
  if (operation === 'SearchVectors') return searchWording(violations, input);
  if (TAGGING.has(operation) && violations.some(isMissingArn)) return 'Invalid TableArn';
  if (ON_TABLES.has(operation)) {
    const ofTable = tableNameWording(operation, violations);
    if (ofTable !== undefined) return ofTable;
  }
  if (RESTORES.has(operation) && violations.some(isShortTarget)) return NAME_LENGTH;
  const ofOther = otherNameWording(operation, violations);
  if (ofOther !== undefined) return ofOther;
  if (WRITES.has(operation)) {
    const ofName = emptyNameWording(operation, violations, words);
    if (ofName !== undefined) return ofName;
  }
  if (BATCHES.has(operation)) {
    const ofBatch = tableKeysWording(operation, violations);
    if (ofBatch !== undefined) return ofBatch;
  }
  if (operation === 'Query' && violations.every(isEnum) && violations.some(isConditionalOperator)) {
    return 'Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]';
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
  return second === undefined ? wordingOfOne(operation, first, words) : undefined;
}

/** Violations in the words of the older framework. */
export function listed(violations: readonly Violation[]): string {
  const errors = violations.length === 1 ? 'error' : 'errors';
  const texts = violations.map(
    ({ path, valueText, rule }) => `Value ${valueText} at '${path}' failed to satisfy constraint: ${rule}`,
  );
  return `${texts.length} validation ${errors} detected: ${texts.join('; ')}`;
}

/** An empty name breaks one rule, as an ARN would, and hides all other faults unless a member is missing. */
function emptyNameWording(
  operation: OperationName,
  violations: readonly Violation[],
  words: ValidationWords,
): string | undefined {
  const name = violations.find(isEmptyTableName);
  if (name === undefined) return undefined;
  const ofName: Violation = { ...name, rule: AT_LEAST_ONE };
  if (!violations.some(isMissing)) {
    return words === 'newer' ? `${ONE}${at('TableName', AT_LEAST_ONE)}` : listed([ofName]);
  }
  if (operation !== 'UpdateItem') return undefined;
  return listed(violations.flatMap((one) => (isEmptyTableName(one) ? (one === name ? [ofName] : []) : [one])));
}

/** Names of tables that break their rules: BatchGetItem shows the request as JSON, BatchWriteItem other faults instead. */
function tableKeysWording(operation: OperationName, violations: readonly Violation[]): string | undefined {
  const ofKeys = violations.find(({ rule }) => rule.startsWith('Map keys must satisfy'));
  if (ofKeys === undefined) return undefined;
  if (operation === 'BatchGetItem') {
    const shown: Violation = { ...ofKeys, valueText: `'${JSON.stringify(ofKeys.value)}'` };
    return listed(violations.map((one) => (one === ofKeys ? shown : one)));
  }
  const others = violations.filter((one) => one !== ofKeys);
  return others.length > 0 ? listed(others) : undefined;
}

/** The table's name comes before everything else, unless its characters are wrong. */
function tableNameWording(operation: OperationName, violations: readonly Violation[]): string | undefined {
  const ofName = violations.filter(({ path }) => path === 'tableName');
  if (ofName.some(isMissing)) return "The parameter 'TableName' is required but was not present in the request";
  if (!ofName.some(({ rule }) => rule.startsWith('Member must have length'))) return undefined;
  // CreateTable of all its members is known to be answered in the older words.
  if (operation === 'CreateTable' && !violations.some(isMissing)) return undefined;
  return NAME_LENGTH;
}

/** Lengths of names in operations on global tables of the first version, and of indexes in those on their insights. */
function otherNameWording(operation: OperationName, violations: readonly Violation[]): string | undefined {
  const isOfLength = ({ rule }: Violation) => rule.startsWith('Member must have length');
  const hasLength = (name: string) => violations.some((one) => one.path === name && isOfLength(one));
  if (hasLength('globalTableName')) return NAME_LENGTH;
  return INSIGHTS.has(operation) && hasLength('indexName') ? lengthOf('IndexName') : undefined;
}

/** The endpoint that serves searches reads requests in its own way, and tells where one ends that lacks a member. */
function searchWording(violations: readonly Violation[], input: Record<string, unknown>): string {
  const missing = violations.find((one) => isMissing(one) && !one.path.includes('.'));
  if (missing !== undefined) {
    return `missing field \`${capitalized(missing.path)}\` at line 1 column ${JSON.stringify(input).length}`;
  }
  const texts = violations.map(({ path, rule }) => at(capitalized(path), rule));
  return `${texts.length} validation ${texts.length === 1 ? 'error' : 'errors'} detected: ${texts.join('; ')}`;
}

function capitalized(member: string): string {
  return member.charAt(0).toUpperCase() + member.slice(1);
}

function lengthOf(name: string): string {
  return `${name} must be at least 3 characters long and at most 255 characters long`;
}

function wordingOfOne(
  operation: OperationName,
  { path, value, rule }: Violation,
  words: ValidationWords,
): string | undefined {
  if (isMissing({ value })) return undefined;
  if (operation === 'Query' && path === 'limit') return `${ONE}${at('Limit', rule)}`;
  if (!BATCHES.has(operation) || !path.startsWith('requestItems')) return undefined;
  if (path === 'requestItems' && rule === AT_LEAST_ONE) {
    // BatchWriteItem answers in both words, changing from week to week.
    const isNewer = words === 'newer' && operation === 'BatchGetItem';
    return isNewer ? `${ONE}${at('RequestItems', rule)}` : `The requestItems parameter is required for ${operation}`;
  }
  const table = /^requestItems\.(.*)\.member\.keys$/.exec(path)?.[1];
  return table === undefined ? undefined : `${ONE}${at(`RequestItems.${table}.member.Keys`, rule)}`;
}

function at(member: string, rule: string): string {
  return `Value at '${member}' failed to satisfy constraint: ${rule}`;
}

function isEmptyTableName({ path, value }: Violation): boolean {
  return path === 'tableName' && value === '';
}

function isShortTarget({ path, value, rule }: Violation): boolean {
  return path === 'targetTableName' && value !== undefined && rule.startsWith('Member must have length');
}

function isConditionalOperator({ path }: Violation): boolean {
  return path === 'conditionalOperator';
}

function isMissingArn({ path, value }: Violation): boolean {
  return path === 'resourceArn' && value === undefined;
}

function isMissing({ value }: Pick<Violation, 'value'>): boolean {
  return value === undefined;
}

function isEnum({ rule }: Violation): boolean {
  return rule.includes('enum value set');
}
