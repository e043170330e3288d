import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  StartLiveTailCommand,
  StartQueryCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { testEndpoint } from '../../testing/test-endpoint.js';

const logGroupName = '/aws/lambda/orders';

async function start(context: TestContext) {
  const endpoint = await testEndpoint(context);
  const clients: CloudWatchLogsClient[] = [];
  const client = (): CloudWatchLogsClient => {
    // Live tail puts a prefix before the host, which a local address has not.
    const made = new CloudWatchLogsClient({ ...endpoint.clientOptions(), disableHostPrefix: true });
    clients.push(made);
    return made;
  };
  context.after(() => {
    for (const one of clients) one.destroy();
  });
  const logs = client();
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { team: 'orders' } }));
  const nowMs = (): number => endpoint.current().clock().nowMs;
  const stream = (logStreamName: string) => logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const put = (logStreamName: string, ...messages: string[]) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: messages.map((message, at) => ({ timestamp: nowMs() + at, message })),
      }),
    );
  return { endpoint, logs, client, nowMs, stream, put };
}

test('groups: created once, listed, tagged, protected, deleted', async (context) => {
  const { logs } = await start(context);
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/users' }));
  await assert.rejects(logs.send(new CreateLogGroupCommand({ logGroupName })), {
    name: 'ResourceAlreadyExistsException',
    message: 'The specified log group already exists',
  });
  await assert.rejects(logs.send(new CreateLogGroupCommand({ logGroupName: 'a b' })), {
    name: 'InvalidParameterException',
    message:
      "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: " +
      'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
  });
  const first = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws', limit: 1 }));
  assert.deepEqual(
    first.logGroups?.map(({ logGroupName: name, arn, logGroupArn, storedBytes }) => [
      name,
      arn,
      logGroupArn,
      storedBytes,
    ]),
    [
      [
        logGroupName,
        `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*`,
        `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`,
        0,
      ],
    ],
  );
  const second = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws', nextToken: first.nextToken }),
  );
  assert.deepEqual(
    second.logGroups?.map(({ logGroupName: name }) => name),
    ['/aws/lambda/users'],
  );
  assert.equal(second.nextToken, undefined);
  const byPattern = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'USER' }));
  assert.equal(byPattern.logGroups?.length, 1);

  const resourceArn = first.logGroups?.[0]?.logGroupArn;
  await logs.send(new TagResourceCommand({ resourceArn, tags: { stage: 'dev' } }));
  await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
  assert.deepEqual((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags, { stage: 'dev' });

  const protect = (deletionProtectionEnabled: boolean) =>
    logs.send(
      new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: logGroupName, deletionProtectionEnabled }),
    );
  await protect(true);
  await assert.rejects(logs.send(new DeleteLogGroupCommand({ logGroupName })), { name: 'ValidationException' });
  await protect(false);
  await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  await assert.rejects(logs.send(new DeleteLogGroupCommand({ logGroupName })), {
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
});

test('streams: created, ordered by name and by last event, deleted with their events', async (context) => {
  const { logs, stream, put } = await start(context);
  await stream('b');
  await stream('a');
  await assert.rejects(stream('a'), { name: 'ResourceAlreadyExistsException' });
  await assert.rejects(put('c', 'x'), {
    name: 'ResourceNotFoundException',
    message: 'The specified log stream does not exist.',
  });
  await put('a', 'older');
  await put('b', 'newer', 'newest');
  const names = async (input: object) => {
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName, ...input }));
    return logStreams?.map(({ logStreamName }) => logStreamName);
  };
  assert.deepEqual(await names({}), ['a', 'b']);
  assert.deepEqual(await names({ orderBy: 'LastEventTime', descending: true }), ['b', 'a']);
  assert.deepEqual(await names({ logStreamNamePrefix: 'b' }), ['b']);
  await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'b' }));
  assert.deepEqual(await names({}), ['a']);
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
  assert.deepEqual(
    events?.map(({ message }) => message),
    ['older'],
  );
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  assert.equal(logGroups?.[0]?.storedBytes, 26 + 'older'.length);
});

test('events of a stream are paged both ways, and the ends give the same token again', async (context) => {
  const { logs, stream, put, endpoint } = await start(context);
  await stream('s');
  await put('s', '1', '2', '3', '4', '5');
  const get = async (input: object) => {
    const page = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: 's', ...input }));
    return { ...page, messages: page.events?.map(({ message }) => message).join('') };
  };
  const tail = await get({ limit: 2 });
  assert.equal(tail.messages, '45');
  const before = await get({ limit: 2, nextToken: tail.nextBackwardToken });
  assert.equal(before.messages, '23');
  const head = await get({ limit: 2, startFromHead: true });
  assert.equal(head.messages, '12');
  const rest = await get({ nextToken: head.nextForwardToken });
  assert.equal(rest.messages, '345');
  const end = await get({ nextToken: rest.nextForwardToken });
  assert.equal(end.messages, '');
  assert.equal(end.nextForwardToken, rest.nextForwardToken);
  await endpoint.advance('1s');
  await put('s', '6');
  assert.equal((await get({ nextToken: end.nextForwardToken })).messages, '6');
  await assert.rejects(get({ nextToken: 'x/y' }), { message: 'The specified nextToken is invalid.' });
});

test('pages of a stream keep to the asked time, and to what a page holds', async (context) => {
  const { endpoint, logs, stream, put, nowMs } = await start(context);
  await stream('s');
  await stream('s0');
  const startMs = nowMs();
  await put('s', '1', '2', '3', '4', '5');
  await put('s0', 'of another');
  const get = async (input: object) => {
    const page = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: 's', ...input }));
    return { ...page, messages: page.events?.map(({ message }) => message?.charAt(0)).join('') };
  };
  const between = { startTime: startMs + 1, endTime: startMs + 4 };
  assert.equal((await get(between)).messages, '234');
  const last = await get({ ...between, limit: 2 });
  assert.equal(last.messages, '34');
  const first = await get({ ...between, limit: 2, nextToken: last.nextBackwardToken });
  assert.equal(first.messages, '2');
  assert.equal((await get({ ...between, nextToken: first.nextBackwardToken })).messages, '');
  assert.equal((await get({ ...between, nextToken: first.nextForwardToken })).messages, '34');
  assert.equal((await get({ ...between, nextToken: last.nextForwardToken })).messages, '');
  // 1 MB at most: three of four that have a third of it each.
  await endpoint.advance('1s');
  for (const name of 'abcd') await put('s', name.repeat(340_000));
  assert.equal((await get({})).messages, 'bcd');
  assert.equal((await get({ startFromHead: true })).messages, '12345abc');
});

test('events of all streams of a group come in order of time, filtered, page by page', async (context) => {
  const { logs, stream, put, endpoint } = await start(context);
  await stream('a');
  await stream('b');
  await put('b', 'ERROR one');
  await endpoint.advance('1s');
  await put('a', 'fine', 'ERROR two');
  await endpoint.advance('1s');
  await put('b', '{"level":"ERROR"}');
  const filter = async (input: object) => {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName, ...input }));
    return { ...page, found: page.events?.map(({ message, logStreamName }) => `${logStreamName}: ${message}`) };
  };
  const all = ['b: ERROR one', 'a: fine', 'a: ERROR two', 'b: {"level":"ERROR"}'];
  assert.deepEqual((await filter({})).found, all);
  const first = await filter({ filterPattern: 'ERROR', limit: 2 });
  assert.deepEqual(first.found, ['b: ERROR one', 'a: ERROR two']);
  const second = await filter({ filterPattern: 'ERROR', limit: 2, nextToken: first.nextToken });
  assert.deepEqual(second.found, ['b: {"level":"ERROR"}']);
  assert.equal(second.nextToken, undefined);
  assert.deepEqual((await filter({ filterPattern: '{ $.level = "ERROR" }' })).found, [all[3]]);
  assert.deepEqual((await filter({ logStreamNamePrefix: 'a' })).found, all.slice(1, 3));
  const [one, two] = (await filter({})).events ?? [];
  assert.ok((one?.eventId ?? '') < (two?.eventId ?? '') && one?.eventId?.length === 56);
  assert.deepEqual((await filter({ startTime: two?.timestamp, endTime: (two?.timestamp ?? 0) + 1 })).found, [all[1]]);
  await assert.rejects(filter({ filterPattern: '{ broken' }), { message: 'Invalid filter pattern' });
});

test('events that are too old or too new are left out and told of; a batch out of order is refused', async (context) => {
  const { logs, stream, nowMs } = await start(context);
  await stream('s');
  const put = (...hours: number[]) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName: 's',
        logEvents: hours.map((hour) => ({ timestamp: nowMs() + hour * 3_600_000, message: `${hour}` })),
      }),
    );
  const { rejectedLogEventsInfo } = await put(0, 3);
  assert.deepEqual(rejectedLogEventsInfo, { tooNewLogEventStartIndex: 1 });
  assert.deepEqual((await put(-15 * 24, -15 * 24 + 1)).rejectedLogEventsInfo, { tooOldLogEventEndIndex: 2 });
  await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
  assert.deepEqual((await put(-30, -12)).rejectedLogEventsInfo, { expiredLogEventEndIndex: 1 });
  await assert.rejects(put(1, 0), {
    message: 'Log events in a single PutLogEvents request must be in chronological order.',
  });
  await assert.rejects(put(-23, 2), { message: /cannot span more than 24 hours/ });
});

test('retention removes events on the clock, restarts in between or not', async (context) => {
  const { endpoint, client, stream, put } = await start(context);
  await stream('s');
  await client().send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 3 }));
  await put('s', 'first');
  await endpoint.advance('2d');
  await put('s', 'second');
  await endpoint.restart();
  const messages = async () => {
    const { events } = await client().send(new FilterLogEventsCommand({ logGroupName }));
    return events?.map(({ message }) => message);
  };
  const storedBytes = async () => (await client().send(new DescribeLogGroupsCommand({}))).logGroups?.[0]?.storedBytes;
  assert.deepEqual(await messages(), ['first', 'second']);
  assert.equal(await storedBytes(), 2 * 26 + 'first'.length + 'second'.length);
  await endpoint.advance('30h');
  assert.deepEqual(await messages(), ['second']);
  assert.equal(await storedBytes(), 26 + 'second'.length);
  await assert.rejects(client().send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 })), {
    message: /Value '2' at 'retentionInDays' failed to satisfy constraint/,
  });
});

test('a live tail gets what matches, as it arrives', async (context) => {
  const { logs, stream, put, endpoint, nowMs } = await start(context);
  await stream('s');
  const abort = new AbortController();
  const { responseStream } = await logs.send(
    new StartLiveTailCommand({
      logGroupIdentifiers: [`arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`],
      logEventFilterPattern: 'ERROR',
    }),
    { abortSignal: abort.signal },
  );
  assert.ok(responseStream !== undefined);
  const updates = responseStream[Symbol.asyncIterator]();
  const { value: begun } = await updates.next();
  assert.equal(begun?.sessionStart?.logEventFilterPattern, 'ERROR');
  await put('s', 'ERROR 1', 'fine', 'ERROR 2');
  const next = async () =>
    (await updates.next()).value?.sessionUpdate?.sessionResults?.map(({ message }: { message?: string }) => message);
  assert.deepEqual(await next(), ['ERROR 1', 'ERROR 2']);
  const startMs = nowMs();
  await put('s', 'ERROR 3');
  await endpoint.advance('1s');
  assert.deepEqual(await next(), ['ERROR 3']);
  assert.equal(nowMs(), startMs + 1000);
  abort.abort();
});

test("a group's key must be there and enabled", async (context) => {
  const { logs, endpoint } = await start(context);
  const kms = new KMSClient(endpoint.clientOptions());
  context.after(() => kms.destroy());
  const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'sealed', kmsKeyId: key?.Arn }));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'sealed' }));
  assert.equal(logGroups?.[0]?.kmsKeyId, key?.Arn);
  await kms.send(new DisableKeyCommand({ KeyId: key?.KeyId }));
  await assert.rejects(logs.send(new CreateLogGroupCommand({ logGroupName: 'other', kmsKeyId: key?.Arn })), {
    name: 'InvalidParameterException',
    message: 'The specified KMS key does not exist or is not allowed to be used with LogGroup',
  });
});

test('what is not emulated says so', async (context) => {
  const { logs } = await start(context);
  await assert.rejects(logs.send(new StartQueryCommand({ logGroupName, startTime: 0, endTime: 1, queryString: 'x' })), {
    message: 'CloudWatch Logs StartQuery is not emulated by this endpoint',
  });
});
