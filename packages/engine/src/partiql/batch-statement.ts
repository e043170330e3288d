import type { Caller } from '../catalog/table.js';
import {
  attemptMetered,
  itemKey,
  readUnits,
  StoredItem,
  type TableLayout,
  tableLayout,
  type Units,
  unitsAsItIs,
  writeItem,
} from '../data/index.js';
import type { EngineContext } from '../engine-context.js';
import { DynamoError, type DynamoErrorCode, validationError } from '../errors.js';
import { throttleError } from '../throughput/index.js';
import type { AttributeMap } from '../value/index.js';
import type { SelectNode } from './ast.js';
import { translateWrite } from './bound-write.js';
import { keyTypeError, mistypedKey } from './decompose.js';
import { Literals } from './literal.js';
import { attemptWrite, type LocatedWrite, locateWrite } from './located-write.js';
import { checkParameters } from './parameters.js';
import { parse } from './parse.js';
import { prepareSelect, translate } from './prepare-select.js';
import type { BatchStatementRequest } from './requests.js';
import { projectedItem } from './run-select.js';
import { readKey, singleItemKey } from './select-plan.js';
import { type SupportedNode, supported } from './statement-kind.js';
import type { Column } from './translate-select.js';

/** A statement of a batch, parsed, with its values. */
export interface BatchMember {
  readonly request: BatchStatementRequest;
  readonly node: SupportedNode;
  readonly literals: Literals;
}

/** A statement of a batch that has been found to read or write one item. */
export interface ItemStatement {
  readonly tableName: string;
  readonly layout: TableLayout;
  readonly storeKey: string;
  readonly work: Get | Write;
}

interface Get {
  readonly kind: 'get';
  readonly columns: readonly Column[] | undefined;
  readonly isConsistent: boolean;
}

interface Write {
  readonly kind: 'write';
  readonly write: LocatedWrite;
  readonly isItemAsked: boolean;
}

/** The answer for one statement, in AWS's form. */
export interface BatchResponse {
  readonly Error?: { readonly Code: string; readonly Message: string; readonly Item?: StoredItem };
  readonly TableName?: string;
  readonly Item?: StoredItem | AttributeMap;
}

/** What a statement came to. */
export interface BatchResult {
  readonly response: BatchResponse;
  /** Undefined when it consumed nothing. */
  readonly charge?: {
    readonly statement: ItemStatement;
    /** Undefined when it failed. */
    readonly units: Units | undefined;
    /** What the failure consumed. */
    readonly failedUnits: number;
  };
}

const CODES: Readonly<Partial<Record<DynamoErrorCode, string>>> = {
  ValidationException: 'ValidationError',
  ResourceNotFoundException: 'ResourceNotFound',
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  DuplicateItemException: 'DuplicateItem',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceeded',
  ThrottlingException: 'ThrottlingError',
};

const THROTTLED: ReadonlySet<string> = new Set(['ProvisionedThroughputExceeded', 'ThrottlingError']);

/** Runs a step; its error is the answer for this statement alone. */
export function orFailed<T>(step: () => T): T | BatchResult {
  try {
    return step();
  } catch (error) {
    return { response: { Error: errorOf(error) } };
  }
}

/**
 * The answer for a statement that policies deny; undefined without a denial. What is invalid is told as that (recorded on
 * AWS), while whether there is such a table is not told.
 */
export function deniedResult(
  statement: ItemStatement | BatchResult,
  denial: string | undefined,
): BatchResult | undefined {
  if (denial === undefined) return undefined;
  const denied = { Error: { Code: 'AccessDenied', Message: denial } };
  if (!('response' in statement)) return { response: { ...denied, TableName: statement.tableName } };
  return statement.response.Error?.Code === 'ResourceNotFound' ? { response: denied } : undefined;
}

function errorOf(error: unknown): NonNullable<BatchResponse['Error']> {
  const code = error instanceof DynamoError ? CODES[error.code] : undefined;
  if (!(error instanceof DynamoError) || code === undefined) throw error;
  const known = { Code: code, Message: error.message };
  return THROTTLED.has(code) ? known : { ...known, ...error.details };
}

export function batchMember(request: BatchStatementRequest): BatchMember {
  const literals = new Literals(checkParameters(request.Parameters));
  return { request, node: supported(parse(request.Statement)), literals };
}

/** Finds the item that a statement reads or writes. Throws what the statement fails with. */
export function locateStatement(context: EngineContext, caller: Caller, member: BatchMember): ItemStatement {
  const { request, node, literals } = member;
  if (node.kind === 'select') return locateGet(context, caller, node, member);
  const bound = translateWrite(node, literals);
  const { tableName } = bound;
  const layout = tableLayout(context.tables.table(caller, tableName));
  const write = locateWrite(layout, bound, false);
  const isItemAsked = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  return { tableName, layout, storeKey: write.storeKey, work: { kind: 'write', write, isItemAsked } };
}

function locateGet(
  context: EngineContext,
  caller: Caller,
  node: SelectNode,
  { request, literals }: BatchMember,
): ItemStatement {
  const translated = translate(context, caller, node, literals);
  const { tableName, columns } = translated;
  const layout = tableLayout(context.tables.table(caller, tableName));
  const isConsistent = request.ConsistentRead === true;
  const { source, where } = prepareSelect(layout, translated, isConsistent);
  const mistyped = mistypedKey(where, readKey(source));
  if (mistyped !== undefined) throw keyTypeError(mistyped);
  const key = singleItemKey(source, where);
  if (key === undefined) {
    throw validationError(
      'Select statements within BatchExecuteStatement must specify the primary key in the where clause.',
    );
  }
  return { tableName, layout, storeKey: itemKey(layout.table, key), work: { kind: 'get', columns, isConsistent } };
}

export function carryOut(context: EngineContext, statement: ItemStatement): BatchResult | Promise<BatchResult> {
  const { work } = statement;
  return work.kind === 'get' ? get(context, statement, work) : write(context, statement, work);
}

function get(context: EngineContext, statement: ItemStatement, { columns, isConsistent }: Get): BatchResult {
  const { tableName, layout, storeKey } = statement;
  const throttle = context.throughput.readThrottle(layout, undefined, storeKey);
  if (throttle !== undefined) return { response: { Error: errorOf(throttleError([throttle])), TableName: tableName } };
  const found = context.store.get(storeKey);
  const sizeBytes = found === undefined ? 0 : StoredItem.sizeOf(found);
  const units = { table: readUnits(sizeBytes, isConsistent) };
  context.throughput.chargeRead(layout, undefined, storeKey, units.table);
  const item = found && projectedItem(new StoredItem(found), columns);
  const response = { TableName: tableName, ...(item !== undefined && { Item: item }) };
  return { response, charge: { statement, units, failedUnits: 0 } };
}

/** Each write is a change of its own, and fails without the others. */
async function write(
  context: EngineContext,
  statement: ItemStatement,
  { write: located, isItemAsked }: Write,
): Promise<BatchResult> {
  const { tableName: TableName, storeKey } = statement;
  let failedUnits = 0;
  try {
    return await context.store.change((writer) => {
      failedUnits = unitsAsItIs(writer, statement.layout, storeKey);
      const { change, returned } = attemptMetered(context, writer, located, () =>
        attemptWrite(writer, located, isItemAsked),
      );
      const units = writeItem(context, writer, change);
      const response = { TableName, ...(returned !== undefined && { Item: returned }) };
      return { response, charge: { statement, units, failedUnits: 0 } };
    });
  } catch (error) {
    const response = { Error: errorOf(error), TableName };
    if (response.Error.Code === 'ValidationError' || THROTTLED.has(response.Error.Code)) return { response };
    return { response, charge: { statement, units: undefined, failedUnits } };
  }
}
