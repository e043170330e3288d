import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { UserError } from '@tablewright/base';
import {
  awsError,
  describedTable,
  type Script,
  type ScriptedAnswer,
  type ScriptedDynamoDb,
  startScriptedDynamoDb,
} from '../testing/scripted-dynamodb.js';
import { type PopulateOptions, populate } from './populate.js';
import type { PopulateEvent, PopulateResult } from './populate-event.js';

type PutItem = Record<string, Record<string, unknown>>;

describe('populate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tablewright-populate-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const file = (text: string | Buffer, name = 'data.json'): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const items = (count: number): PutItem[] => Array.from({ length: count }, (_, i) => ({ id: { S: `i${i}` } }));
  const done: ScriptedAnswer = { body: { UnprocessedItems: {} } };

  /** Runs populate against a script for BatchWriteItem and gives what was asked of it. */
  async function run(
    path: string,
    script: (items: PutItem[], call: number) => ScriptedAnswer | Promise<ScriptedAnswer> = () => done,
    options: Partial<PopulateOptions> = {},
    table = describedTable(),
  ): Promise<{ outcome: PopulateResult | UserError; batches: PutItem[][]; pausesMs: readonly number[] }> {
    const batches: PutItem[][] = [];
    const answer: Script = (operation, input) => {
      if (operation === 'DescribeTable') return table;
      const requests = (input.RequestItems as Record<string, { PutRequest: { Item: PutItem } }[]>).t ?? [];
      const written = requests.map((request) => request.PutRequest.Item);
      batches.push(written);
      return script(written, batches.length);
    };
    const endpoint: ScriptedDynamoDb = await startScriptedDynamoDb(answer);
    try {
      const outcome = await populate(endpoint.connection, { table: 't', file: path, ...options }).catch((error) => {
        assert.ok(error instanceof UserError, String(error));
        return error;
      });
      return { outcome, batches, pausesMs: endpoint.pausesMs };
    } finally {
      await endpoint.close();
    }
  }

  const succeeded = (outcome: PopulateResult | UserError): PopulateResult => {
    assert.ok(!(outcome instanceof UserError), String(outcome));
    return outcome;
  };
  const failed = (outcome: PopulateResult | UserError): UserError => {
    assert.ok(outcome instanceof UserError);
    return outcome;
  };

  test('writes every item once, in batches of 25', async () => {
    const answer = { body: { UnprocessedItems: {}, ConsumedCapacity: [{ TableName: 't', CapacityUnits: 25 }] } };
    const { outcome, batches } = await run(file(JSON.stringify(items(60))), () => answer);
    assert.deepEqual(batches.map((batch) => batch.length).sort(), [10, 25, 25]);
    assert.deepEqual(new Set(batches.flat().map((item) => item.id?.S)), new Set(items(60).map((item) => item.id?.S)));
    const result = succeeded(outcome);
    assert.deepEqual([result.records, result.itemsWritten, result.batches, result.retries], [60, 60, 3, 0]);
    assert.equal(result.consumedWriteUnits, 75);
  });

  test('a compressed file is decompressed', async () => {
    const { outcome, batches } = await run(file(gzipSync(JSON.stringify(items(3))), 'data.json.gz'));
    assert.equal(succeeded(outcome).itemsWritten, 3);
    assert.deepEqual(batches, [items(3)]);
  });

  test('a broken record at the end means that nothing is written', async () => {
    const lines = [...items(200).map((item) => JSON.stringify(item)), '{"name": {"S": "no key"}}'];
    const { outcome, batches } = await run(file(lines.join('\n')));
    const error = failed(outcome);
    assert.match(error.message, /^data\.json, line 201, record 201: the hash key "id" \(S\) is missing$/);
    assert.match(error.remedy, /^Nothing was written\./);
    assert.deepEqual(batches, []);
  });

  test('broken records can be left out, each by name', async () => {
    const events: PopulateEvent[] = [];
    const path = file('[{"id": {"S": "a"}},\n{"id": 1},\n{"id": {"S": "b"}}]');
    const options = { skipInvalid: true, onEvent: (event: PopulateEvent) => void events.push(event) };
    const { outcome, batches } = await run(path, () => done, options);
    assert.deepEqual(batches, [[{ id: { S: 'a' } }, { id: { S: 'b' } }]]);
    assert.equal(succeeded(outcome).skipped, 1);
    const named = events.filter((event) => event.kind === 'broken-record');
    assert.deepEqual(
      named.map((event) => [event.index, event.line]),
      [[2, 2]],
    );
  });

  test('checking alone writes nothing', async () => {
    const { outcome, batches } = await run(file(JSON.stringify(items(30))), () => done, { checkOnly: true });
    assert.deepEqual([succeeded(outcome).records, succeeded(outcome).itemsWritten], [30, 0]);
    assert.deepEqual(batches, []);
  });

  test('what comes back unprocessed is sent again, and that alone, after growing pauses', async () => {
    const script = (written: PutItem[], call: number): ScriptedAnswer => {
      const left = call <= 3 ? written.slice(Math.min(written.length - 1, 2)) : [];
      return {
        body: { UnprocessedItems: left.length === 0 ? {} : { t: left.map((Item) => ({ PutRequest: { Item } })) } },
      };
    };
    const { outcome, batches, pausesMs } = await run(file(JSON.stringify(items(5))), script);
    assert.deepEqual(
      batches.map((batch) => batch.map((item) => item.id?.S)),
      [['i0', 'i1', 'i2', 'i3', 'i4'], ['i2', 'i3', 'i4'], ['i4'], ['i4']],
    );
    const result = succeeded(outcome);
    assert.deepEqual([result.itemsWritten, result.retries, result.unprocessedRounds], [5, 3, 3]);
    assert.ok((pausesMs.at(-1) ?? 0) <= 100);
  });

  test('throttling is waited out, longer each time', async () => {
    const throttled = awsError(
      'ProvisionedThroughputExceededException',
      'The level of configured provisioned throughput…',
    );
    const { outcome, batches, pausesMs } = await run(file(JSON.stringify(items(2))), (_, call) =>
      call < 6 ? throttled : done,
    );
    assert.equal(succeeded(outcome).itemsWritten, 2);
    assert.equal(batches.length, 6);
    assert.equal(pausesMs.length, 5);
    for (const [index, pauseMs] of pausesMs.entries()) {
      const ceilingMs = 50 * 2 ** index;
      assert.ok(pauseMs >= ceilingMs / 2 && pauseMs <= ceilingMs, `${pauseMs} of ${ceilingMs}`);
    }
  });

  test('a table that takes nothing is given up, saying how far it came', async () => {
    const throttled = awsError('ThrottlingException', 'Rate exceeded');
    const script = (_: PutItem[], call: number): ScriptedAnswer => (call === 1 ? done : throttled);
    const { outcome } = await run(file(JSON.stringify(items(50))), script, { concurrency: 1 });
    assert.match(failed(outcome).message, /^25 of 50 items were written, then: the table took nothing for 16 tries/);
  });

  test('a batch that the table refuses ends the run, naming its records', async () => {
    const script = (_: PutItem[], call: number): ScriptedAnswer =>
      call === 2 ? awsError('ValidationException', 'Item size has exceeded') : done;
    const { outcome, batches } = await run(file(JSON.stringify(items(500))), script, { concurrency: 1 });
    assert.match(
      failed(outcome).message,
      /25 of 500 items .* records 26 to 50: ValidationException: Item size has exceeded/,
    );
    assert.ok(batches.length <= 3);
  });

  test('of records with the same key the last one is written last', async () => {
    const repeated = Array.from({ length: 40 }, (_, i) => ({
      id: { S: i % 2 === 0 ? 'same' : `i${i}` },
      v: { N: `${i}` },
    }));
    const stored = new Map<unknown, unknown>();
    const script = async (written: PutItem[], call: number): Promise<ScriptedAnswer> => {
      assert.equal(new Set(written.map((item) => item.id?.S)).size, written.length, 'no key twice in a call');
      // Earlier calls take longer: only waiting for them keeps the order.
      for (let turns = 200 / call; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
      for (const item of written) stored.set(item.id?.S, item.v?.N);
      return done;
    };
    const { outcome } = await run(file(JSON.stringify(repeated)), script, { concurrency: 8 });
    assert.equal(stored.get('same'), '38');
    assert.equal(stored.size, 21);
    assert.equal(succeeded(outcome).repeatedKeys, 19);
  });

  test('no more requests are in flight than were allowed', async () => {
    let inFlight = 0;
    let most = 0;
    const script = async (): Promise<ScriptedAnswer> => {
      most = Math.max(most, ++inFlight);
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      inFlight--;
      return done;
    };
    await run(file(JSON.stringify(items(500))), script, { concurrency: 3 });
    assert.equal(most, 3);
  });

  test('an interrupted run finishes what is in flight and says how far it came', async () => {
    const controller = new AbortController();
    const script = (_: PutItem[], call: number): ScriptedAnswer => {
      if (call === 2) controller.abort();
      return done;
    };
    const options = { concurrency: 1, signal: controller.signal };
    const { outcome, batches } = await run(file(JSON.stringify(items(500))), script, options);
    const result = succeeded(outcome);
    assert.equal(result.interrupted, true);
    assert.equal(result.itemsWritten, batches.flat().length);
    assert.ok(result.itemsWritten >= 50 && result.itemsWritten < 500);
  });

  test('a missing table, a missing file and a table on its way are told apart', async () => {
    const path = file('[]');
    const missing = awsError('ResourceNotFoundException', 'Requested resource not found');
    assert.match(
      failed((await run(path, () => done, {}, missing)).outcome).message,
      /table "t" does not exist in us-east-1/,
    );
    assert.match(
      failed((await run(join(folder, 'none.json'))).outcome).message,
      /cannot read the data file .*none\.json/,
    );
    const creating = {
      body: { Table: { ...(describedTable().body as { Table: object }).Table, TableStatus: 'CREATING' } },
    };
    assert.match(failed((await run(path, () => done, {}, creating)).outcome).message, /"t" is CREATING/);
  });

  test('the range key is part of the key', async () => {
    const two = [
      { id: { S: 'a' }, n: { N: '1' } },
      { id: { S: 'a' }, n: { N: '2' } },
    ];
    const { outcome, batches } = await run(file(JSON.stringify(two)), () => done, {}, describedTable(true));
    assert.deepEqual(batches, [two]);
    assert.equal(succeeded(outcome).repeatedKeys, 0);
  });
});
