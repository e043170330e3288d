import { delay, systemClock } from '@tablewright/base';
import type { VirtualClock } from '@tablewright/testkit';
import { canonicalText } from '../canonical-text.js';
import type { EndpointClient, Json } from '../client.js';
import type { Item, Ledger } from '../ledger.js';
import { keyText } from '../scenario.js';

/** What a walk goes by. The endpoint's clock stands still. */
export interface WalkContext {
  readonly client: EndpointClient;
  readonly clock: VirtualClock;
  readonly ledger: Ledger;
  /** How often what the background works on is looked at before it counts as wrong. */
  readonly attempts: number;
}

/** Finds what contradicts; empty when all is well. */
export type Check = () => Promise<readonly string[]>;

const PAUSE_MS = 25;
export const MANY_ATTEMPTS = 400;

/** Repeats a check of what the background is still working on. */
export async function eventually({ attempts }: WalkContext, check: Check): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt++) {
    const found = await check();
    if (found.length === 0 || attempt >= attempts) return found;
    await delay(systemClock, PAUSE_MS);
  }
}

/** Waits for what takes its time, and is seldom wrong: tables that are filled, jobs. */
export function inTheEnd(context: WalkContext, check: Check): Promise<readonly string[]> {
  return eventually({ ...context, attempts: Math.max(context.attempts, MANY_ATTEMPTS) }, check);
}

/** All items of a table or index, page by page. */
export async function scanAll(client: EndpointClient, TableName: string, IndexName?: string): Promise<Item[]> {
  const items: Item[] = [];
  let start: unknown;
  do {
    const page = await client.dynamodb('Scan', {
      TableName,
      ...(IndexName !== undefined && { IndexName }),
      ...(start !== undefined && { ExclusiveStartKey: start }),
      // Several pages, so that the walk also goes by keys.
      Limit: 700,
    });
    items.push(...(page.Items as Item[]));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** The items' texts by key. */
export function textsByKey(items: readonly Item[]): Map<string, string> {
  return new Map(items.map((item) => [keyText(item), canonicalText(item)]));
}

export async function describeTable(client: EndpointClient, TableName: string): Promise<Json> {
  const { Table } = await client.dynamodb('DescribeTable', { TableName });
  return Table as Json;
}

/** The first few of many, with how many there are. */
export function few(findings: readonly string[], count = 5): string[] {
  if (findings.length <= count) return [...findings];
  return [...findings.slice(0, count), `… and ${findings.length - count} more of the kind`];
}

export function brief(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  return text.length <= 120 ? text : `${text.slice(0, 120)}…`;
}
