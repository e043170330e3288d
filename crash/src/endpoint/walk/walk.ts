import { startLocalEndpoint } from '@tablewright/cloud';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { canonicalText } from '../canonical-text.js';
import { EndpointClient } from '../client.js';
import { expirySecond, type Ledger } from '../ledger.js';
import type { Copies } from '../operator.js';
import { REPLICA, TABLE } from '../scenario.js';
import type { TokenUse } from '../writers.js';
import { kinesisChanges, streamChanges } from './changes.js';
import { checkChanges } from './check-changes.js';
import { checkBackups, checkExports, checkImports, checkSecond } from './check-copies.js';
import { checkBuilt, checkIndexes } from './check-indexes.js';
import { checkLoads } from './check-loads.js';
import { checkExpired, checkState } from './check-state.js';
import { checkTokens } from './check-tokens.js';
import {
  describeTable,
  eventually,
  few,
  inTheEnd,
  MANY_ATTEMPTS,
  scanAll,
  textsByKey,
  type WalkContext,
} from './walk-context.js';

export interface WalkOptions {
  /** A copy of the data folder: the walk changes it. */
  readonly dataDir: string;
  /** On the endpoint's clock. */
  readonly killedMs: number;
  readonly ledger: Ledger;
  readonly copies: Copies;
  readonly tokens: Iterable<TokenUse>;
  /** Seconds to which the table is restored. */
  readonly seconds: readonly number[];
  /** See {@link WalkContext}. */
  readonly attempts?: number;
}

/** Past it, every second up to the kill can be restored. */
const RECOVERY_LAG_MS = 5 * 60 * 1000 + 1000;

/**
 * Opens an endpoint on what a kill has left, lets it finish what it had begun, and looks at all that follows from
 * writes: the table against the ledger, then the indexes, streams, history, copies, replica, tokens and expiry against
 * both. Decides in the ledger what became of the requests under way. Returns what contradicts; when the table does, that
 * alone: it does not come right by waiting, and all else follows from it.
 */
export async function walk(options: WalkOptions): Promise<string[]> {
  const { dataDir, killedMs, ledger } = options;
  const clock = new VirtualClock(killedMs);
  const endpoint = await startLocalEndpoint({ port: 0, dataDir, clock, random: new SeededRandom(killedMs) });
  const client = new EndpointClient(endpoint.url);
  const far = client.in(REPLICA);
  try {
    const context: WalkContext = { client, clock, ledger, attempts: options.attempts ?? MANY_ATTEMPTS };
    const atFirst = await checkTable(context);
    if (atFirst.length > 0) return atFirst;
    const found = [...(await eventually(context, () => checkOverdue(context)))];
    const told = await streamChanges(client, await streamArn(client));
    const texts = textsByKey(await scanAll(client, TABLE));
    ledger.settle(texts, new Set(told.map(({ key }) => key)), killedMs);
    clock.advance(RECOVERY_LAG_MS);
    const settled = await checkTable(context);
    if (settled.length > 0) return [...found, ...settled];
    found.push(...(await eventually(context, () => checkOverdue(context))));
    found.push(...(await checkAll(options, context, far)));
    return found;
  } finally {
    client.close();
    far.close();
    await endpoint.close();
  }
}

async function checkTable({ client, clock, ledger }: WalkContext): Promise<string[]> {
  const texts = textsByKey(await scanAll(client, TABLE));
  const instant = { fromMs: clock.nowMs(), toMs: clock.nowMs() };
  return checkState(texts, { ledger, instant });
}

async function checkOverdue({ client, clock, ledger }: WalkContext): Promise<string[]> {
  return checkExpired(textsByKey(await scanAll(client, TABLE)), ledger, clock.nowMs());
}

async function checkAll(options: WalkOptions, context: WalkContext, far: EndpointClient): Promise<string[]> {
  const { client, ledger, clock } = context;
  const { copies, tokens, seconds } = options;
  const found = [
    ...(await inTheEnd(context, () => checkBuilt(client, TABLE))),
    ...(await inTheEnd(context, () => checkBuilt(far, TABLE))).map((fault) => `replica: ${fault}`),
    ...(await eventually(context, () => checkIndexes(client, TABLE))),
    ...(await eventually(context, async () => checkReplica(client, far))),
    ...(await eventually(context, () => checkIndexes(far, TABLE))).map((fault) => `replica: ${fault}`),
    ...checkChanges('stream', await streamChanges(client, await streamArn(client)), ledger, clock.nowMs()),
    ...(await eventually(context, async () =>
      checkChanges('Kinesis', await kinesisChanges(client), ledger, clock.nowMs()),
    )),
  ];
  for (const second of seconds) found.push(...(await checkSecond(context, second)));
  found.push(...(await checkBackups(context, copies)));
  found.push(...(await checkExports(context, copies)));
  found.push(...(await checkImports(context, copies)));
  found.push(...(await checkLoads(context, copies)));
  found.push(...(await checkTokens(context, tokens)));
  found.push(...(await checkExpiry(context)));
  return found;
}

async function streamArn(client: EndpointClient): Promise<string> {
  return String((await describeTable(client, TABLE)).LatestStreamArn);
}

async function checkReplica(client: EndpointClient, far: EndpointClient): Promise<string[]> {
  const here = textsByKey(await scanAll(client, TABLE));
  const there = textsByKey(await scanAll(far, TABLE));
  const keys = [...new Set([...here.keys(), ...there.keys()])];
  return few(
    keys
      .filter((key) => here.get(key) !== there.get(key))
      .map((key) => `replica: ${key} is not the same in both regions`),
  );
}

/** The expiry index: once the clock is past every time, all that expires is gone, and nothing else. */
async function checkExpiry(context: WalkContext): Promise<readonly string[]> {
  const { client, clock } = context;
  const items = await scanAll(client, TABLE);
  const seconds = items.flatMap((item) => expirySecond(item) ?? []);
  if (seconds.length === 0) return [];
  clock.advance(Math.max(...seconds) * 1000 - clock.nowMs() + 1);
  const lasting = items.filter((item) => expirySecond(item) === undefined).map(canonicalText);
  return eventually(context, async () => {
    const left = (await scanAll(client, TABLE)).map(canonicalText);
    const [after, before] = [new Set(left), new Set(lasting)];
    const kept = left.filter((text) => !before.has(text)).map((text) => `has expired and stays: ${text.slice(0, 100)}`);
    const lost = lasting.filter((text) => !after.has(text)).map((text) => `taken for expired: ${text.slice(0, 100)}`);
    return few([...kept, ...lost]);
  });
}
