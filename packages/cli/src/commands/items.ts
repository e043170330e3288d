import type { Connection, Item } from '@tablewright/ops';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import type { TargetOptions } from '../target/target.js';
import { newCommand, wholeNumber, withJson, withTarget } from './command-options.js';

interface ItemsFlags extends TargetOptions {
  readonly limit: number;
  readonly json?: boolean;
}

const MAX_COLUMNS = 7;
const MAX_CELL_LENGTH = 32;

export function itemsCommand(context: CliContext): Command {
  const command = newCommand('items', 'show the items of a table', [
    'tablewright items users-table',
    'tablewright items users-table --limit 3 --json',
  ])
    .argument('<table>', 'name of the table')
    .option('--limit <n>', 'at most this many items', wholeNumber(1, 1_000_000), 20);
  return withJson(withTarget(command)).action((table: string, flags: ItemsFlags) => runItems(context, table, flags));
}

async function runItems(context: CliContext, table: string, flags: ItemsFlags): Promise<void> {
  const [{ itemToJson }, { onTarget }] = await Promise.all([
    import('../output/item-json.js'),
    import('../target/open-target.js'),
  ]);
  await onTarget(context, flags, async ({ connection }) => {
    if (!flags.json) return showItems(context, connection, table, flags.limit);
    const { scanItems } = await import('@tablewright/ops');
    let separator = '[\n';
    for await (const page of scanItems(connection, { table, limit: flags.limit })) {
      for (const item of page) {
        await context.output.raw(`${separator}${JSON.stringify(itemToJson(item))}`);
        separator = ',\n';
      }
    }
    context.output.line(separator === '[\n' ? '[]' : '\n]');
  });
}

/** Prints the first items as a table, keys first. */
export async function showItems(
  context: CliContext,
  connection: Connection,
  table: string,
  limit: number,
): Promise<void> {
  const { describeTable, scanItems } = await import('@tablewright/ops');
  const { valueToText } = await import('../output/item-json.js');
  const description = await describeTable(connection, table);
  const items: Item[] = [];
  for await (const page of scanItems(connection, { table, limit: limit + 1 })) items.push(...page);
  if (items.length === 0) {
    context.output.line(`${table} holds no items.`);
    return;
  }
  const shown = items.slice(0, limit);
  const keys = (description.KeySchema ?? []).map((key) => key.AttributeName ?? '');
  const names = columnNames(keys, shown);
  const columns = names.slice(0, MAX_COLUMNS);
  const cell = (item: Item, name: string): string => {
    const value = item[name];
    return value === undefined ? '' : shorten(valueToText(value));
  };
  context.output.table(
    columns,
    shown.map((item) => columns.map((name) => cell(item, name))),
  );
  const more = names.length > columns.length ? `; not shown: ${names.slice(MAX_COLUMNS).join(', ')}` : '';
  const count = items.length > limit ? `the first ${limit} items` : `${shown.length} items`;
  context.output.line(`${table}: ${count}${more}.`);
}

/** Keys first, then what fits on a line, then lists, maps and sets. */
function columnNames(keys: readonly string[], items: readonly Item[]): string[] {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))].sort();
  const wide = (name: string): boolean =>
    items.some((item) => ['L', 'M', 'SS', 'NS', 'BS'].some((type) => type in (item[name] ?? {})));
  return [...new Set([...keys, ...names.filter((name) => !wide(name)), ...names])];
}

function shorten(text: string): string {
  // A cell is one line, and shows what would act on the terminal rather than acting.
  const plain = text.replace(/\p{Cc}/gu, ' ');
  return plain.length > MAX_CELL_LENGTH ? `${plain.slice(0, MAX_CELL_LENGTH - 1)}…` : plain;
}
