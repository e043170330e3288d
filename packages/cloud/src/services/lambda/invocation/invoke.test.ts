import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { InvokeCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { zipOfFiles } from '@tablewright/testkit';
import { lambdaFixture } from '../testing/lambda-fixture.js';

test('a function answers, stays warm, and knows its environment', async (t) => {
  const { create, invoke } = await lambdaFixture(t);
  const code = `
    let calls = 0;
    export const handler = async (event, context) => ({
      calls: ++calls, event, name: context.functionName, arn: context.invokedFunctionArn,
      table: process.env.TABLE, region: process.env.AWS_REGION, endpoint: process.env.AWS_ENDPOINT_URL,
      home: process.env.HOME === '${process.env.HOME}', left: Math.ceil(context.getRemainingTimeInMillis() / 60_000),
    });`;
  await create('worker', code, { Environment: { Variables: { TABLE: 'users' } }, Timeout: 120 });
  const { error, payload } = await invoke('worker', { a: 1 });
  assert.equal(error, undefined);
  const { endpoint, ...rest } = payload as { endpoint: string };
  assert.match(endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.deepEqual(rest, {
    calls: 1,
    event: { a: 1 },
    name: 'worker',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:worker',
    table: 'users',
    region: 'us-east-1',
    home: false,
    left: 2,
  });
  assert.equal(((await invoke('worker')).payload as { calls: number }).calls, 2);
});

test('CommonJS handlers call back, find what their packages bring, and the AWS SDK', async (t) => {
  const { create, invoke } = await lambdaFixture(t);
  const files = {
    'src/app.js': `
      const { double } = require('doubler');
      const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
      const { DynamoDBDocumentClient } = require('@aws-sdk/lib-dynamodb');
      exports.inner = { handler(event, context, callback) {
        setTimeout(() => callback(null, { double: double(event.n), sdk: typeof DynamoDBDocumentClient.from(new DynamoDBClient({})).send }), 1);
      } };
      exports.silent = () => {};`,
    'node_modules/doubler/index.js': 'exports.double = (n) => 2 * n;',
  };
  const Code = { ZipFile: zipOfFiles(files) };
  await create('app', '', { Handler: 'src/app.inner.handler', Code });
  assert.deepEqual((await invoke('app', { n: 21 })).payload, { double: 42, sdk: 'function' });
  await create('silent', '', { Handler: 'src/app.silent', Code });
  assert.deepEqual(await invoke('silent'), { error: undefined, payload: null });
});

test('errors of the code have the shapes of AWS', async (t) => {
  const { create, invoke, lambda } = await lambdaFixture(t);
  const code = `
    export const handler = async ({ how }) => {
      if (how === 'throw') throw new TypeError('boom');
      if (how === 'reject') return Promise.reject('just text');
      if (how === 'exit') process.exit(3);
      if (how === 'later') { setImmediate(() => { throw new RangeError('late'); }); await new Promise(() => {}); }
      if (how === 'big') return 'x'.repeat(6 * 1024 * 1024 + 1024);
      return 'fine';
    };`;
  await create('faulty', code);
  const thrown = await invoke('faulty', { how: 'throw' });
  assert.equal(thrown.error, 'Unhandled');
  const { errorType, errorMessage, trace } = thrown.payload as {
    errorType: string;
    errorMessage: string;
    trace: string[];
  };
  assert.deepEqual([errorType, errorMessage, trace[0]], ['TypeError', 'boom', 'TypeError: boom']);
  assert.deepEqual((await invoke('faulty', { how: 'reject' })).payload, {
    errorType: 'string',
    errorMessage: 'just text',
    trace: [],
  });
  const exited = await lambda.send(new InvokeCommand({ FunctionName: 'faulty', Payload: '{"how":"exit"}' }));
  const exit = JSON.parse(exited.Payload?.transformToString() ?? '') as { errorType: string; errorMessage: string };
  assert.equal(exit.errorType, 'Runtime.ExitError');
  assert.match(exit.errorMessage, /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/);
  const late = (await invoke('faulty', { how: 'later' })).payload as { errorType: string };
  assert.equal(late.errorType, 'RangeError');
  const big = (await invoke('faulty', { how: 'big' })).payload as { errorType: string };
  assert.equal(big.errorType, 'Function.ResponseSizeTooLarge');
  assert.deepEqual(await invoke('faulty'), { error: undefined, payload: 'fine' });
});

test('code that cannot be loaded says why', async (t) => {
  const { create, invoke } = await lambdaFixture(t);
  const faults = {
    'index.missing': 'Runtime.HandlerNotFound',
    'other.handler': 'Runtime.ImportModuleError',
    handler: 'Runtime.MalformedHandlerName',
  };
  let number = 0;
  for (const [Handler, expected] of Object.entries(faults)) {
    const name = `bad-${number++}`;
    await create(name, 'export const handler = () => 1;', { Handler });
    const { error, payload } = await invoke(name);
    assert.deepEqual([error, (payload as { errorType: string }).errorType], ['Unhandled', expected]);
  }
  await create('syntax', 'export const = 1;');
  assert.equal(((await invoke('syntax')).payload as { errorType: string }).errorType, 'Runtime.UserCodeSyntaxError');
});

test('what takes too long, or too much memory, is killed', async (t) => {
  const { create, invoke } = await lambdaFixture(t);
  await create('loop', 'export const handler = (event) => { if (event.go) for (;;); return "calm"; };', { Timeout: 1 });
  const { error, payload } = await invoke('loop', { go: true });
  assert.equal(error, 'Unhandled');
  const timedOut = payload as { errorType: string; errorMessage: string };
  assert.equal(timedOut.errorType, 'Sandbox.Timedout');
  assert.match(timedOut.errorMessage, /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/);
  const code = 'export const handler = () => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); };';
  await create('hungry', code, { Timeout: 60 });
  const { errorType } = (await invoke('hungry')).payload as { errorType: string };
  assert.equal(errorType, 'Runtime.OutOfMemory');
});

test('while the whole machine stands still, no time of a function runs out', async (t) => {
  const { create, invoke, endpoint } = await lambdaFixture(t);
  const begun = join(endpoint.dataDir, 'begun');
  const code = `
    import { renameSync, writeFileSync } from 'node:fs';
    export const handler = async () => {
      writeFileSync(${JSON.stringify(`${begun}.tmp`)}, String(process.pid));
      renameSync(${JSON.stringify(`${begun}.tmp`)}, ${JSON.stringify(begun)});
      for (let step = 0; step < 3; step++) await new Promise((resolve) => setTimeout(resolve, 100));
      return 'in time';
    };`;
  await create('quick', code, { Timeout: 3 });
  const invocation = invoke('quick');
  let pid: string | undefined;
  while (pid === undefined) pid = await readFile(begun, 'utf8').catch(() => undefined);
  process.kill(Number(pid), 'SIGSTOP');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3500);
  process.kill(Number(pid), 'SIGCONT');
  assert.deepEqual(await invocation, { error: undefined, payload: 'in time' });
});

test('the tail of the log has what the code said between START and REPORT', async (t) => {
  const { create, lambda } = await lambdaFixture(t);
  const code = `export const handler = async () => {
    console.log('hello', { a: 1 }); console.error('two\\nlines'); process.stdout.write('bare\\n'); return null; };`;
  await create('chatty', code);
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'chatty', LogType: 'Tail' }));
  const log = Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8');
  const id = answer.$metadata.requestId ?? '';
  const masked = log.replaceAll(id, 'ID').replace(/\d{4}-\S+Z/g, 'TIME');
  assert.match(
    masked.replace(/[\d.]+ ms/g, 'N ms').replace(/Used: \d+/, 'Used: N'),
    /^START RequestId: ID Version: \$LATEST\nTIME\tID\tINFO\thello \{ a: 1 \}\nTIME\tID\tERROR\ttwo\nlines\nbare\nEND RequestId: ID\nREPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: 128 MB\tMax Memory Used: N MB\tInit Duration: N ms\t\n$/,
  );
});

test('a log may be of JSON documents, from a level on', async (t) => {
  const { create, lambda } = await lambdaFixture(t);
  const code = `export const handler = async () => {
    console.debug('quiet'); console.info('a', 1); console.warn({ b: 2 }); throw new TypeError('boom'); };`;
  await create('chatty', code, { LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO' } });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'chatty', LogType: 'Tail' }));
  const log = Buffer.from(answer.LogResult ?? '', 'base64')
    .toString('utf8')
    .trim()
    .split('\n');
  const events = log.map((line) => JSON.parse(line));
  assert.deepEqual(
    events.map((event) => event.type ?? [event.level, event.message.errorMessage ?? event.message]),
    ['platform.start', ['INFO', 'a 1'], ['WARN', { b: 2 }], ['ERROR', 'boom'], 'platform.report'],
  );
  const requestId = answer.$metadata.requestId;
  assert.deepEqual(events[0].record, { requestId, version: '$LATEST' });
  assert.equal(events[1].requestId, requestId);
  assert.equal(events[4].record.status, 'error');
  const LoggingConfig = { LogFormat: 'Text', ApplicationLogLevel: 'INFO' } as const;
  await assert.rejects(create('wrong', code, { LoggingConfig }), { name: 'InvalidParameterValueException' });
});

test('no process outlives the endpoint, busy or idle', async (t) => {
  const { create, invoke, endpoint, lambda } = await lambdaFixture(t);
  await create('idle', 'export const handler = async () => process.pid;');
  const { payload } = await invoke('idle');
  await create('busy', 'export const handler = () => { for (;;); };');
  await lambda.send(new InvokeCommand({ FunctionName: 'busy', InvocationType: 'Event' }));
  await endpoint.restart();
  assert.throws(() => process.kill(Number(payload), 0), { code: 'ESRCH' });
});

test('requests that cannot be invocations are refused', async (t) => {
  const { create, lambda } = await lambdaFixture(t);
  await create('worker', 'export const handler = () => 1;');
  const send = (input: Partial<ConstructorParameters<typeof InvokeCommand>[0]>) =>
    lambda.send(new InvokeCommand({ FunctionName: 'worker', ...input }));
  await assert.rejects(send({ FunctionName: 'none' }), { name: 'ResourceNotFoundException' });
  await assert.rejects(send({ Payload: '{' }), { name: 'InvalidRequestContentException' });
  await assert.rejects(send({ Payload: JSON.stringify('x'.repeat(6_291_456)) }), {
    name: 'RequestTooLargeException',
    message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
  });
  assert.equal((await send({ InvocationType: 'DryRun' })).StatusCode, 204);
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'worker', ReservedConcurrentExecutions: 0 }));
  await assert.rejects(send({}), {
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
});

test('Python functions run where python3 is', async (t) => {
  const { create, invoke } = await lambdaFixture(t);
  const source = `
import os
def handler(event, context):
    if event.get("fail"):
        raise ValueError("no")
    print("hello")
    return {"n": event["n"] + 1, "name": context.function_name, "region": os.environ["AWS_REGION"]}
`;
  const Code = { ZipFile: zipOfFiles({ 'app.py': source }) };
  await create('snake', '', { Runtime: 'python3.12', Handler: 'app.handler', Code });
  let answer: Awaited<ReturnType<typeof invoke>>;
  try {
    answer = await invoke('snake', { n: 1 });
  } catch (error) {
    if (error instanceof Error && /python3, which this machine does not have/.test(error.message)) {
      t.skip('python3 is not installed');
      return;
    }
    throw error;
  }
  assert.deepEqual(answer, { error: undefined, payload: { n: 2, name: 'snake', region: 'us-east-1' } });
  const failed = (await invoke('snake', { fail: true })).payload as { errorType: string; stackTrace: string[] };
  assert.equal(failed.errorType, 'ValueError');
  assert.match(failed.stackTrace[0] ?? '', /in handler\n {4}raise ValueError/);
});
