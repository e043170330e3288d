import { parseArgs } from 'node:util';
import { Engine } from '@tablewright/engine';
import { MemoryStore } from '@tablewright/store';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { difference } from './differential/compare.js';
import { engineSubject, httpSubject, type Outcome, type Subject } from './differential/endpoint.js';
import { type Request, randomRequest } from './differential/requests.js';
import { createTableInput, randomTable, type TablePlan } from './differential/tables.js';

// Sends the same random requests to the engine and to a reference endpoint (DynamoDB Local), and prints where the
// answers differ:
//
//   node conformance/dist/differential.js --endpoint http://127.0.0.1:8000 --seed 1 --requests 2000
//
// Messages of errors and consumed capacity are compared too, but only listed: the reference has its own for many. Exits with 1
// when an output or an error code differs.

const REQUESTS_PER_TABLE = 200;

interface Options {
  readonly endpoint: string;
  readonly seed: number;
  readonly requests: number;
  readonly shown: number;
}

function options(): Options {
  const { values } = parseArgs({
    options: {
      endpoint: { type: 'string', default: 'http://127.0.0.1:8000' },
      seed: { type: 'string', default: '1' },
      requests: { type: 'string', default: '2000' },
      shown: { type: 'string', default: '10' },
    },
  });
  const { endpoint, seed, requests, shown } = values;
  return { endpoint, seed: Number(seed), requests: Number(requests), shown: Number(shown) };
}

async function main({ endpoint, seed, requests, shown }: Options): Promise<void> {
  const random = new SeededRandom(seed);
  const engine = new Engine({ store: new MemoryStore(), clock: new VirtualClock(), random: new SeededRandom(seed) });
  const [ours, theirs] = [engineSubject(engine), httpSubject(endpoint)];
  const found = new Findings(shown);
  for (let done = 0; done < requests; done += REQUESTS_PER_TABLE) {
    const table = randomTable(random, `differential-${seed}-${done}`);
    await theirs.call('DeleteTable', { TableName: table.name });
    await createOnBoth(ours, theirs, createTableInput(table));
    for (let at = 0; at < Math.min(REQUESTS_PER_TABLE, requests - done); at++) {
      const request = randomRequest(random, table);
      const [a, b] = [await answer(ours, request), await answer(theirs, request)];
      if (request.onlyTakesAway === true && (await makesNoItem(ours, request))) {
        await forget([theirs], table.name, request);
        continue;
      }
      found.note(request, a, b);
      if (await leavesSameItems([ours, theirs], table, request, 'error' in a !== 'error' in b, found)) continue;
      await forget([ours, theirs], table.name, request);
    }
    await theirs.call('DeleteTable', { TableName: table.name });
  }
  await engine.close();
  found.print(requests);
  if (found.isSerious) process.exitCode = 1;
}

async function createOnBoth(ours: Subject, theirs: Subject, input: Record<string, unknown>): Promise<void> {
  for (const subject of [ours, theirs]) {
    const outcome = await subject.call('CreateTable', input);
    if ('error' in outcome) throw new Error(`CreateTable: ${outcome.error.message}: ${JSON.stringify(input)}`);
  }
}

/** After only one side has written items, takes them away from both. */
async function forget(subjects: readonly Subject[], TableName: string, { keys }: Request): Promise<void> {
  for (const subject of subjects) for (const Key of keys) await subject.call('DeleteItem', { TableName, Key });
}

/** Compares the items that a request may have written. When one side alone has refused it, they are bound to differ. */
async function leavesSameItems(
  subjects: readonly [Subject, Subject],
  { name }: TablePlan,
  request: Request,
  isRefusedByOne: boolean,
  found: Findings,
): Promise<boolean> {
  if (isRefusedByOne || (request.operation === 'BatchExecuteStatement' && hasTwice(request.keys))) return false;
  for (const Key of request.keys) {
    const input = { TableName: name, Key };
    const [a, b] = [await subjects[0].call('GetItem', input), await subjects[1].call('GetItem', input)];
    const read: Request = { operation: 'GetItem', input, isUnordered: false, keys: [] };
    const left = difference(read, a, b);
    if (left === undefined || left.kind === 'wording') continue;
    found.note(request, a, b);
    return false;
  }
  return true;
}

/** The reference refuses a batch of statements with one item twice, and carries it out all the same. */
function hasTwice(keys: readonly unknown[]): boolean {
  const byValue = (name: string, value: unknown) => (name === 'N' ? Number(value) : value);
  return new Set(keys.map((key) => JSON.stringify(key, byValue))).size < keys.length;
}

/** Whether the item of the update is not there after it. */
async function makesNoItem(subject: Subject, { input, keys: [Key] }: Request): Promise<boolean> {
  const outcome = await subject.call('GetItem', { TableName: input.TableName, Key });
  return 'output' in outcome && outcome.output.Item === undefined;
}

async function answer(subject: Subject, request: Request): Promise<Outcome> {
  if (request.isWalk !== true) return subject.call(request.operation, request.input);
  const segments = (request.input.TotalSegments as number | undefined) ?? 1;
  const isSegmented = request.input.TotalSegments !== undefined;
  const sum = { Items: [] as unknown[], Count: 0, ScannedCount: 0 };
  for (let segment = 0; segment < segments; segment++) {
    const input = { ...request.input, ...(isSegmented && { Segment: segment }) };
    const fault = await readToEnd(subject, request.operation, input, sum);
    if (fault !== undefined) return fault;
  }
  return { output: sum };
}

interface Pages {
  readonly Items: unknown[];
  Count: number;
  ScannedCount: number;
}

/** Adds all pages to `sum`; gives the error that ended them. */
async function readToEnd(
  subject: Subject,
  operation: string,
  input: Record<string, unknown>,
  sum: Pages,
): Promise<Outcome | undefined> {
  let start: unknown;
  do {
    const next = start === undefined ? {} : { ExclusiveStartKey: start };
    const outcome = await subject.call(operation, { ...input, ...next });
    if ('error' in outcome) return outcome;
    const { Items, Count, ScannedCount, LastEvaluatedKey } = outcome.output;
    sum.Items.push(...(Items as unknown[]));
    sum.Count += Number(Count);
    sum.ScannedCount += Number(ScannedCount);
    start = LastEvaluatedKey;
  } while (start !== undefined);
  return undefined;
}

class Findings {
  isSerious = false;
  readonly #minor = new Map<string, number>();
  #printed = 0;
  #same = 0;

  constructor(private readonly shown: number) {}

  note(request: Request, ours: Outcome, theirs: Outcome): void {
    const found = difference(request, ours, theirs);
    if (found === undefined) {
      this.#same++;
    } else if (found.kind === 'wording' || found.kind === 'capacity') {
      this.#minor.set(found.summary, (this.#minor.get(found.summary) ?? 0) + 1);
    } else {
      this.isSerious = true;
      if (this.#printed++ >= this.shown) return;
      console.log(`${request.operation} ${JSON.stringify(request.input)}`);
      console.log(`  ${found.summary}\n  ours:      ${JSON.stringify(ours)}\n  reference: ${JSON.stringify(theirs)}\n`);
    }
  }

  print(requests: number): void {
    const minor = [...this.#minor].sort((a, b) => b[1] - a[1]);
    for (const [pair, times] of minor.slice(0, this.shown * 3)) console.log(`${times} times: ${pair}`);
    const minorCount = minor.reduce((sum, [, times]) => sum + times, 0);
    console.log(
      `${requests} requests: ${this.#same} answered alike, ${minorCount} but for words or capacity, ${this.#printed} differ`,
    );
  }
}

await main(options());
