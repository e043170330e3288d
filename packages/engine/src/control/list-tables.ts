import type { Handler } from '../engine-context.js';
import type { ControlContext } from './control-context.js';

const MAX_PAGE = 100;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
export function listTables(context: ControlContext): Handler {
  return (caller, input) => {
    const after = input.ExclusiveStartTableName as string | undefined;
    const limit = (input.Limit as number | undefined) ?? MAX_PAGE;
    const names = context.tables
      .list(caller)
      .map((record) => record.name)
      .filter((name) => after === undefined || name > after);
    const page = names.slice(0, limit);
    return names.length > page.length
      ? { LastEvaluatedTableName: page.at(-1), TableNames: page }
      : { TableNames: page };
  };
}
