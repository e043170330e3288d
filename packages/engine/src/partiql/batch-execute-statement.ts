import { addUnits, type ConsumedCapacityMode, consumedCapacity, type TableLayout, type Units } from '../data/index.js';
import type { EngineContext, Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import {
  type BatchMember,
  type BatchResult,
  batchMember,
  carryOut,
  deniedResult,
  type ItemStatement,
  locateStatement,
  orFailed,
} from './batch-statement.js';
import type { BatchExecuteStatementRequest } from './requests.js';

/**
 * BatchExecuteStatement (docs: API_BatchExecuteStatement, ql-reference.multiplestatements.batching): each statement
 * reads or writes one item, and fails alone.
 */
export function batchExecuteStatement(context: EngineContext): Handler {
  return async (caller, rawInput) => {
    const input = rawInput as BatchExecuteStatementRequest;
    const members = input.Statements.map((request) => orFailed(() => batchMember(request)));
    refuseMixture(members);
    const located = members.map((each) =>
      'response' in each ? each : orFailed(() => locateStatement(context, caller, each)),
    );
    refuseDuplicates(located);
    const permitted = located.map((each, at) => deniedResult(each, caller.statementDenial?.(at)) ?? each);
    const results = await Promise.all(permitted.map((each) => ('response' in each ? each : carryOut(context, each))));
    const capacities = consumedByTable(results, input.ReturnConsumedCapacity);
    return {
      Responses: results.map(({ response }) => response),
      ...(capacities.length > 0 && { ConsumedCapacity: capacities }),
    };
  };
}

function refuseMixture(members: readonly (BatchMember | BatchResult)[]): void {
  const areReads = members.flatMap((each) => ('response' in each ? [] : [each.node.kind === 'select']));
  if (new Set(areReads).size < 2) return;
  throw validationError('Read and write requests together in the same batch is not supported.');
}

function refuseDuplicates(statements: readonly (ItemStatement | BatchResult)[]): void {
  const keys = statements.flatMap((each) => ('response' in each ? [] : [each.storeKey]));
  if (new Set(keys).size === keys.length) return;
  throw validationError('Provided list of item keys contains duplicates');
}

interface TableCapacity {
  readonly layout: TableLayout;
  units: Units | undefined;
  failedUnits: number;
}

/**
 * By table, where any statement succeeded. What failed for its condition counts in the total, but not for the table or
 * an index (recorded on AWS by public conformance suites).
 */
function consumedByTable(
  results: readonly BatchResult[],
  mode: ConsumedCapacityMode | undefined,
): readonly Record<string, unknown>[] {
  const tables = new Map<string, TableCapacity>();
  for (const { charge } of results) {
    if (charge === undefined) continue;
    const { statement, units, failedUnits } = charge;
    const { tableName, layout } = statement;
    const sum = tables.get(tableName) ?? { layout, units: undefined, failedUnits: 0 };
    tables.set(tableName, sum);
    sum.failedUnits += failedUnits;
    if (units !== undefined) sum.units = sum.units === undefined ? units : addUnits(sum.units, units);
  }
  return [...tables].flatMap(([tableName, { layout, units, failedUnits }]) => {
    const capacity = units && consumedCapacity(mode, tableName, layout, units);
    if (capacity === undefined) return [];
    return [{ ...capacity, CapacityUnits: Number(capacity.CapacityUnits) + failedUnits }];
  });
}
