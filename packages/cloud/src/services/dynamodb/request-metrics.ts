import type { Output } from '@tablewright/engine';
import type { Caller } from '../../kernel/caller.js';
import type { TableMetrics } from './table-metrics.js';

/** A request as far as metrics are concerned. */
export interface MeasuredRequest {
  readonly operation: string;
  readonly caller: Caller;
  readonly input: object;
  readonly durationMs: number;
}

const THROTTLING: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
]);
/** Not counted as errors of the user, as they have metrics of their own. */
const COUNTED_ELSEWHERE: ReadonlySet<string> = new Set([...THROTTLING, 'ConditionalCheckFailedException']);
const COUNTING_ITEMS: ReadonlySet<string> = new Set(['Query', 'Scan', 'ExecuteStatement']);
/** Operations on items. Those on tables have no latencies on AWS, but may change what tables may consume. */
export const ITEM_OPERATIONS: ReadonlySet<string> = new Set([
  ...COUNTING_ITEMS,
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'SearchVectors',
  'BatchGetItem',
  'BatchWriteItem',
  'BatchExecuteStatement',
  'ExecuteTransaction',
  'TransactGetItems',
  'TransactWriteItems',
]);

/** Counts a request that was answered. */
export function countSuccess(metrics: TableMetrics, request: MeasuredRequest, output: Output): void {
  const { operation, caller, durationMs } = request;
  if (!ITEM_OPERATIONS.has(operation)) return;
  const kind = kindOf(request);
  for (const TableName of tablesOf(request)) {
    const { latency, returnedItems } = metrics.ofOperation(caller, TableName, operation, kind);
    latency.add(durationMs);
    if (!COUNTING_ITEMS.has(operation)) continue;
    const { Count: count, Items: items } = output;
    const returned = typeof count === 'number' ? count : Array.isArray(items) ? items.length : undefined;
    if (returned !== undefined) returnedItems.add(returned);
  }
}

/** Counts a request that failed, by the error that it got. */
export function countFailure(
  metrics: TableMetrics,
  request: MeasuredRequest,
  errorCode: string,
  status: number,
  details: Readonly<Record<string, unknown>>,
): void {
  const { operation, caller } = request;
  const tables = tablesOf(request);
  for (const TableName of tables) {
    const dimensions = { TableName, Operation: operation, ...kindOf(request) };
    if (status >= 500) metrics.count(caller, 'SystemErrors', dimensions, 1);
    else if (THROTTLING.has(errorCode)) metrics.count(caller, 'ThrottledRequests', dimensions, 1);
    else if (errorCode === 'ConditionalCheckFailedException') {
      metrics.count(caller, 'ConditionalCheckFailedRequests', { TableName }, 1);
    } else if (errorCode === 'TransactionConflictException') {
      metrics.count(caller, 'TransactionConflict', { TableName }, 1);
    }
  }
  if (errorCode === 'TransactionCanceledException') countCancellation(metrics, request, details.CancellationReasons);
  if (status < 500 && !COUNTED_ELSEWHERE.has(errorCode)) metrics.count(caller, 'UserErrors', {}, 1);
}

/** A request that failed because it was arranged that it should. */
export function countInjected(metrics: TableMetrics, request: MeasuredRequest): void {
  for (const TableName of tablesOf(request)) {
    const dimensions = { TableName, Operation: request.operation, ...kindOf(request) };
    metrics.count(request.caller, 'FaultInjectionServiceInducedErrors', dimensions, 1);
  }
}

/** Each item of a transaction that met another request's or a condition, and each table that throttled it. */
function countCancellation(metrics: TableMetrics, request: MeasuredRequest, reasons: unknown): void {
  const { caller, input, operation } = request;
  const actions = listIn(input, 'TransactItems') ?? listIn(input, 'TransactStatements') ?? [];
  if (!Array.isArray(reasons)) return;
  const throttled = new Set<string>();
  reasons.forEach((reason: unknown, at) => {
    const code = typeof reason === 'object' && reason !== null && 'Code' in reason ? String(reason.Code) : '';
    for (const TableName of tablesOfActions([actions[at]])) {
      if (code === 'TransactionConflict') metrics.count(caller, code, { TableName }, 1);
      if (code === 'ConditionalCheckFailed') metrics.count(caller, 'ConditionalCheckFailedRequests', { TableName }, 1);
      if (THROTTLING_REASONS.has(code)) throttled.add(TableName);
    }
  });
  for (const TableName of throttled) {
    metrics.count(caller, 'ThrottledRequests', { TableName, Operation: operation, ...kindOf(request) }, 1);
  }
}

const THROTTLING_REASONS = new Set(['ProvisionedThroughputExceeded', 'ThrottlingError']);

/** What tells requests of PartiQL apart, beside their operation (metrics-dimensions.html). */
function kindOf({ operation, input }: MeasuredRequest): Readonly<Record<string, string>> | undefined {
  if (operation === 'ExecuteStatement') return { Verb: `PartiQL${verbOf(input)}` };
  if (operation !== 'BatchExecuteStatement' && operation !== 'ExecuteTransaction') return undefined;
  const [first] = listIn(input, 'Statements') ?? listIn(input, 'TransactStatements') ?? [];
  return { OperationType: verbOf(first) === 'Select' ? 'Read' : 'Write' };
}

function verbOf(statement: unknown): string {
  const verb = /^\s*(select|insert|update|delete)/i.exec(textOf(statement))?.[1] ?? 'update';
  return verb.slice(0, 1).toUpperCase() + verb.slice(1).toLowerCase();
}

function textOf(statement: unknown): string {
  if (typeof statement !== 'object' || statement === null || !('Statement' in statement)) return '';
  return String(statement.Statement);
}

function listIn(input: object, member: string): readonly unknown[] | undefined {
  const list: unknown = Object.hasOwn(input, member) ? input[member as keyof typeof input] : undefined;
  return Array.isArray(list) ? list : undefined;
}

/** The names of the tables that a request is about. */
function tablesOf({ input }: MeasuredRequest): readonly string[] {
  if ('TableName' in input && typeof input.TableName === 'string') return [nameOf(input.TableName)];
  if ('RequestItems' in input && typeof input.RequestItems === 'object' && input.RequestItems !== null) {
    return Object.keys(input.RequestItems).map(nameOf);
  }
  if ('Statement' in input) return tableOfStatement(textOf(input));
  const actions =
    listIn(input, 'TransactItems') ?? listIn(input, 'Statements') ?? listIn(input, 'TransactStatements') ?? [];
  return tablesOfActions(actions);
}

function tablesOfActions(actions: readonly unknown[]): readonly string[] {
  const names = new Set<string>();
  for (const action of actions) {
    if (typeof action !== 'object' || action === null) continue;
    for (const name of tableOfStatement(textOf(action))) names.add(name);
    for (const part of Object.values(action) as unknown[]) {
      if (typeof part !== 'object' || part === null || !('TableName' in part)) continue;
      if (typeof part.TableName === 'string') names.add(nameOf(part.TableName));
    }
  }
  return [...names];
}

/** The table that a PartiQL statement names after FROM, INTO or UPDATE. */
function tableOfStatement(statement: string): readonly string[] {
  const match = /\b(?:from|into|update)\s+"?([\w.-]+)"?/i.exec(statement);
  return match?.[1] === undefined ? [] : [match[1]];
}

/** Tables may be named by their ARNs. */
function nameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}
