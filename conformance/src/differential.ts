import { parseArgs } from 'node:util';
import { Engine } from '@tablewright/engine';
import { MemoryStore } from '@tablewright/store';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { difference } from './differential/compare.js';
import { engineSubject, httpSubject, type Outcome, type Subject } from './differential/endpoint.js';
import { type Request, randomRequest } from './differential/requests.js';
import { createTableInput, randomTable } from './differential/tables.js';

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
      const [a, b] = [
        await ours.call(request.operation, request.input),
        await theirs.call(request.operation, request.input),
      ];
      found.note(request, a, b);
      if ('error' in a !== 'error' in b) await forget([ours, theirs], table.name, request);
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

/** After only one side has written an item, takes it away from both. */
async function forget(subjects: readonly Subject[], tableName: string, request: Request): Promise<void> {
  const key = request.key ?? request.input.Key;
  if (key === undefined) return;
  for (const subject of subjects) await subject.call('DeleteItem', { TableName: tableName, Key: key });
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
