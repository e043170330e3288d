import { type Variables, variables } from '../schema/variables.js';

/** Variables of a small table with `changes` on top of the defaults; for tests. */
export function variablesFor(changes: Partial<Variables>): Variables {
  const defaults = Object.fromEntries(
    Object.entries(variables).map(([name, it]) => [name, 'default' in it ? it.default : null]),
  );
  const table = { table_name: 'users-table', hash_key: 'userId', attributes: [{ name: 'userId', type: 'S' }] };
  return { ...defaults, ...table, ...changes } as Variables;
}
