import type { Caller } from '../catalog/table.js';
import { attemptMetered, consumedCapacity, tableLayout, writeItem } from '../data/index.js';
import type { EngineContext, Handler } from '../engine-context.js';
import type { AttributeValue } from '../value/index.js';
import type { SelectNode } from './ast.js';
import { translateWrite, type WriteNode } from './bound-write.js';
import { Literals } from './literal.js';
import { attemptWrite, locateWrite } from './located-write.js';
import { decodeToken, encodeToken, type ReadPosition, statementDigest } from './next-token.js';
import { checkParameters } from './parameters.js';
import { parse } from './parse.js';
import { prepareSelect, translate } from './prepare-select.js';
import type { ExecuteStatementRequest } from './requests.js';
import { runSelect } from './run-select.js';
import { planReads } from './select-plan.js';
import { supported } from './statement-kind.js';

const BEGINNING: ReadPosition = { read: 0, key: undefined };

/** ExecuteStatement (docs: API_ExecuteStatement, ql-reference). */
export function executeStatement(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const input = rawInput as ExecuteStatementRequest;
    const parameters = checkParameters(input.Parameters);
    const statement = supported(parse(input.Statement));
    return statement.kind === 'select'
      ? executeSelect(context, caller, statement, input, parameters)
      : executeWrite(context, caller, statement, input, new Literals(parameters));
  };
}

function executeSelect(
  context: EngineContext,
  caller: Caller,
  node: SelectNode,
  input: ExecuteStatementRequest,
  parameters: readonly AttributeValue[],
): object {
  const translated = translate(context, caller, node, new Literals(parameters));
  const { tableName } = translated;
  const layout = tableLayout(context.tables.table(caller, tableName));
  const isConsistent = input.ConsistentRead === true;
  const select = prepareSelect(layout, translated, isConsistent);
  const { source, columns, isFetching } = select;
  const reads = planReads(source, select.where, select.orderBy);
  const digest = (): string => statementDigest(input.Statement, parameters);
  const from = input.NextToken === undefined ? BEGINNING : decodeToken(digest(), input.NextToken);
  const run = { source, reads, columns, isFetching, isConsistent, limit: input.Limit };
  const { items, units, next, lastKey } = runSelect(context, run, from);
  const capacity = consumedCapacity(input.ReturnConsumedCapacity, tableName, layout, units);
  return {
    Items: items,
    ...(next !== undefined && { NextToken: encodeToken(digest(), next) }),
    ...(lastKey !== undefined && { LastEvaluatedKey: lastKey }),
    ...(capacity !== undefined && { ConsumedCapacity: capacity }),
  };
}

function executeWrite(
  context: EngineContext,
  caller: Caller,
  node: WriteNode,
  input: ExecuteStatementRequest,
  literals: Literals,
): Promise<object> {
  const write = translateWrite(node, literals);
  const layout = tableLayout(context.tables.table(caller, write.tableName));
  const located = locateWrite(layout, write, false);
  const isItemAsked = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  return context.store.change((writer) => {
    const { change, returned } = attemptMetered(context, writer, located, () =>
      attemptWrite(writer, located, isItemAsked),
    );
    const units = writeItem(context, writer, change);
    const capacity = consumedCapacity(input.ReturnConsumedCapacity, write.tableName, layout, units);
    return {
      Items: returned === undefined ? [] : [returned],
      ...(capacity !== undefined && { ConsumedCapacity: capacity }),
    };
  });
}
