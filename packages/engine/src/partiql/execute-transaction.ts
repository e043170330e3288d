import type { Caller } from '../catalog/table.js';
import { itemKey, readUnits, StoredItem, type TableLayout, tableLayout } from '../data/index.js';
import type { EngineContext, Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import {
  assertNoneStrong,
  assertNotCancelled,
  type CancellationReason,
  checkDistinctTargets,
  checkTransactionSize,
  NO_REASON,
  readReason,
  reasonOf,
  TRANSACTION_FACTOR,
  TransactionCapacity,
  type TransactionStep,
  WriteTransactions,
} from '../transactions/index.js';
import { type AttributeMap, utf8SizeBytes } from '../value/index.js';
import type { SelectNode, StatementNode } from './ast.js';
import { translateWrite, type WriteNode } from './bound-write.js';
import { mistypedKey } from './decompose.js';
import { existsNode, existsStep } from './exists.js';
import { Literals } from './literal.js';
import { attemptWrite, locateWrite } from './located-write.js';
import { checkParameters } from './parameters.js';
import { parse } from './parse.js';
import { prepareSelect, translate } from './prepare-select.js';
import type { ExecuteTransactionRequest, StatementRequest } from './requests.js';
import { projectedItem } from './run-select.js';
import { readKey, singleItemKey } from './select-plan.js';
import { supported } from './statement-kind.js';
import type { Column } from './translate-select.js';

/** A statement of a transaction, parsed, with its values. */
interface Member {
  readonly request: StatementRequest;
  readonly node: StatementNode;
  readonly literals: Literals;
}

/** One read of a transaction that reads. */
interface Get {
  readonly tableName: string;
  readonly layout: TableLayout;
  readonly key: AttributeMap;
  readonly columns: readonly Column[] | undefined;
}

/** What a statement comes to before any item is read: something to do, or a reason to cancel. */
type Prepared<T> = T | { readonly reason: CancellationReason };

/**
 * ExecuteTransaction (docs: API_ExecuteTransaction, ql-reference.multiplestatements.transactions). Carried out like
 * TransactWriteItems and TransactGetItems.
 */
export function executeTransaction(context: EngineContext): Handler {
  const transactions = new WriteTransactions(context);
  return (caller, rawInput) => {
    const input = rawInput as ExecuteTransactionRequest;
    const { ClientRequestToken: token, ...content } = input;
    const members = membersOf(input);
    if (members.every(({ node }) => node.kind === 'select')) return read(context, caller, input, members);
    if (members.some(({ node }) => node.kind === 'select')) {
      throw validationError(
        'ExecuteTransaction API does not support both read and write operations in the same request.',
      );
    }
    checkTransactionSize(utf8SizeBytes(JSON.stringify(input.TransactStatements)));
    const steps = located(caller, members, (member) => writeStep(context, caller, member));
    return transactions.run({ caller, token, content }, steps, (_reader, capacity) => answer([], capacity, input));
  };
}

/** All parameters are checked before any statement is read. */
function membersOf({ TransactStatements: requests }: ExecuteTransactionRequest): readonly Member[] {
  const parameters = requests.map((request) => checkParameters(request.Parameters));
  return requests.map((request, index) => {
    const node = prefixed(index, () => parse(request.Statement));
    if (existsNode(node) === undefined) supported(node, true);
    return { request, node, literals: new Literals(parameters[index] ?? []) };
  });
}

/** Tells in the message which statement is invalid. */
function prefixed<T>(index: number, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof DynamoError) || error.code !== 'ValidationException') throw error;
    throw validationError(`Validation failed in TransactStatements[${index}]: ${error.message}`);
  }
}

/** Prepares all statements. Throws TransactionCanceledException when there are reasons to cancel among them. */
function located<T extends object>(
  caller: Caller,
  members: readonly Member[],
  prepare: (member: Member) => Prepared<T>,
): readonly T[] {
  const prepared = members.map((member, index) => prefixed(index, () => prepare(member)));
  assertNotCancelled(
    prepared.map((each, index) => {
      const Message = caller.statementDenial?.(index);
      if (Message !== undefined) return { Code: 'AccessDenied', Message };
      return 'reason' in each ? each.reason : NO_REASON;
    }),
  );
  return prepared.filter((each): each is T => !('reason' in each));
}

/** Runs `action` on the table; a table that is not there is a reason to cancel. */
function onTable<T>(
  context: EngineContext,
  caller: Caller,
  tableName: string,
  action: (layout: TableLayout) => Prepared<T>,
): Prepared<T> {
  let layout: TableLayout;
  try {
    layout = tableLayout(context.tables.table(caller, tableName));
  } catch (error) {
    if (!(error instanceof DynamoError) || error.code !== 'ResourceNotFoundException') throw error;
    return { reason: { Code: 'ResourceNotFound', Message: error.message } };
  }
  return action(layout);
}

function writeStep(
  context: EngineContext,
  caller: Caller,
  { request, node, literals }: Member,
): Prepared<TransactionStep> {
  const isItemAsked = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const select = existsNode(node);
  if (select !== undefined) {
    const translated = translate(context, caller, select, literals);
    return onTable(context, caller, translated.tableName, (layout) => existsStep(layout, translated, isItemAsked));
  }
  const write = translateWrite(writeNode(node), literals);
  return onTable(context, caller, write.tableName, (layout) => {
    if (write.kind !== 'insert' && write.returning !== undefined) {
      throw validationError('RETURNING clause is not supported in ExecuteTransaction.');
    }
    return withReason(() => {
      const found = locateWrite(layout, write, true);
      return {
        tableName: write.tableName,
        layout,
        storeKey: found.storeKey,
        attempt: (reader) =>
          withReason(() => ({ change: attemptWrite(reader, found, isItemAsked).change, isWrite: true })),
      };
    });
  });
}

function writeNode(node: StatementNode): WriteNode {
  const statement = supported(node, true);
  if (statement.kind !== 'select') return statement;
  throw new TypeError('a transaction that writes has no SELECT');
}

function withReason<T>(action: () => T): Prepared<T> {
  try {
    return action();
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function read(
  context: EngineContext,
  caller: Caller,
  input: ExecuteTransactionRequest,
  members: readonly Member[],
): object {
  const gets = located(caller, members, (member) => getOf(context, caller, member));
  assertNoneStrong(gets);
  const storeKeys = gets.map(({ layout, key }) => itemKey(layout.table, key));
  checkDistinctTargets(storeKeys);
  assertNotCancelled(gets.map(({ layout }, index) => readReason(context, layout, storeKeys[index])));
  const capacity = new TransactionCapacity('ReadCapacityUnits');
  let sizeBytes = 0;
  const responses = gets.map(({ tableName, layout, columns }, index) => {
    const found = context.store.get(storeKeys[index] ?? '');
    const itemBytes = found === undefined ? 0 : StoredItem.sizeOf(found);
    sizeBytes += itemBytes;
    const units = readUnits(itemBytes, true);
    capacity.add(tableName, layout, { table: units });
    context.throughput.chargeRead(layout, undefined, storeKeys[index] ?? '', units * TRANSACTION_FACTOR);
    return found === undefined ? {} : { Item: projectedItem(new StoredItem(found), columns) };
  });
  checkTransactionSize(sizeBytes);
  return answer(responses, capacity, input);
}

function getOf(context: EngineContext, caller: Caller, { node, literals }: Member): Prepared<Get> {
  const translated = translate(context, caller, node as SelectNode, literals);
  const { tableName, columns } = translated;
  return onTable(context, caller, tableName, (layout) => {
    if (translated.indexName !== undefined) {
      throw validationError('Reads on indices are not supported within transactions.');
    }
    const { source, where } = prepareSelect(layout, translated, true);
    if (mistypedKey(where, readKey(source)) !== undefined) return { reason: KEY_MISMATCH };
    const key = singleItemKey(source, where);
    if (key !== undefined) return { tableName, layout, key, columns };
    throw validationError(
      'Select statements within ExecuteTransaction must specify the primary key in the where clause.',
    );
  });
}

const KEY_MISMATCH: CancellationReason = {
  Code: 'ValidationError',
  Message: 'The provided key element does not match the schema',
};

function answer(
  responses: readonly object[],
  capacity: TransactionCapacity,
  { ReturnConsumedCapacity: mode }: ExecuteTransactionRequest,
): object {
  const consumed = capacity.report(mode);
  return { Responses: responses, ...(consumed !== undefined && { ConsumedCapacity: consumed }) };
}
