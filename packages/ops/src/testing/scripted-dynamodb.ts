import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Timer } from '@tablewright/base';
import { SeededRandom } from '@tablewright/testkit';
import { type Connection, connect } from '../connection/connection.js';

// Or every test file would print the SDK's reminder about future versions of Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** What a scripted endpoint gives back: a status (200 unless said) and a JSON body. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly body: unknown;
}

export type Script = (operation: string, input: Record<string, unknown>) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** An endpoint over real HTTP whose answers a test decides; calls and pauses are recorded. */
export interface ScriptedDynamoDb {
  readonly connection: Connection;
  readonly calls: readonly { readonly operation: string; readonly input: Record<string, unknown> }[];
  /** Every pause that was asked of the clock, in milliseconds; none of them takes any time. */
  readonly pausesMs: readonly number[];
  close(): Promise<void>;
}

/** A clock on which every wait is over at once, and moves the time on. */
class ImpatientClock implements Clock {
  readonly pausesMs: number[] = [];
  #nowMs = Date.UTC(2026, 0, 1);

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): Timer {
    this.pausesMs.push(delayMs);
    this.#nowMs += delayMs;
    queueMicrotask(action);
    return { cancel: () => {} };
  }
}

export async function startScriptedDynamoDb(script: Script): Promise<ScriptedDynamoDb> {
  const calls: { operation: string; input: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const input = JSON.parse(text) as Record<string, unknown>;
    calls.push({ operation, input });
    const answer = await script(operation, input);
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clock = new ImpatientClock();
  const connection = connect({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    clock,
    random: new SeededRandom(1),
  });
  const close = async (): Promise<void> => {
    connection.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { connection, calls, pausesMs: clock.pausesMs, close };
}

/** An AWS error as DynamoDB sends it. */
export function awsError(name: string, message: string, status = 400): ScriptedAnswer {
  return { status, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message } };
}

/** DescribeTable's answer for a table with the hash key `id` (S), and a range key `n` (N) where asked for. */
export function describedTable(withRangeKey = false): ScriptedAnswer {
  const keys = [{ AttributeName: 'id', KeyType: 'HASH' }];
  const attributes = [{ AttributeName: 'id', AttributeType: 'S' }];
  if (withRangeKey) {
    keys.push({ AttributeName: 'n', KeyType: 'RANGE' });
    attributes.push({ AttributeName: 'n', AttributeType: 'N' });
  }
  const Table = { TableName: 't', TableStatus: 'ACTIVE', KeySchema: keys, AttributeDefinitions: attributes };
  return { body: { Table } };
}
