import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARN, BY_GROUP, orders } from '../control/engine-fixture.js';
import { ObjectStoreError } from '../object-store.js';
import { BulkFixture, type Json, line, lines, order, request, UNLESS_THERE } from './bulk-fixture.js';

const HOUR_MS = 3600 * 1000;
const OUT = { S3Bucket: 'files', S3KeyPrefix: 'out', OutputType: ['ERROR', 'CONDITION_CHECK_FAILURE'] };

for (const how of ['stopped', 'killed'] as const) {
  test(`an operation whose process was ${how} in the middle goes on, with no item lost or put twice`, async () => {
    const fixture = await BulkFixture.with();
    fixture.put('in/1.json', conditional('a', 1000));
    fixture.put('in/2.json', `${conditional('b', 500)}${line({})}`);
    await fixture.run('PutItem', { TableName: 'orders', Item: order('a-00003') });
    const { BulkOperationArn: arn } = await fixture.start();
    while (Number((await fixture.describeBulk(arn)).ProcessedItemCount) < 400) await turn();
    const before = await fixture.describeBulk(arn);
    assert.equal(before.BulkOperationStatus, 'IN_PROGRESS');
    await fixture.restart(how);
    await fixture.engine.idle();
    const ended = await fixture.describeBulk(arn);
    assert.deepEqual(
      [ended.BulkOperationStatus, ended.ProcessedItemCount, ended.FailedItemCount],
      ['COMPLETED_WITH_ERRORS', 1501, 1],
    );
    assert.equal(ended.ProcessedInputBytes, ended.TotalInputBytes);
    assert.equal((await fixture.items()).length, 1500);
    const refused = fixture.report('CONDITION_CHECK_FAILURE').map(({ itemS3Pointer: at }) => (at as Json).itemIndex);
    assert.deepEqual(refused, [3], 'a put that is made again would find its own item');
    assert.equal(fixture.report('ERROR').length, 1);
  });
}

test('a rate is kept on the clock, and an object stays open while it waits', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json', lines('a', 4000));
  const opened: string[] = [];
  fixture.objects.onAccess = async (key) => void opened.push(key);
  const begun = await fixture.start({ MaxWriteRequestUnits: 1024 });
  assert.equal(begun.MaxWriteRequestUnits, 1024);
  const counts: unknown[] = [];
  for (let second = 0; second < 5; second++) {
    await fixture.engine.idle();
    const { ProcessedItemCount: count, BulkOperationStatus: status } = await fixture.describeBulk(
      begun.BulkOperationArn,
    );
    counts.push([count, status]);
    fixture.clock.advance(1000);
  }
  assert.deepEqual(counts, [
    [1024, 'IN_PROGRESS'],
    [2048, 'IN_PROGRESS'],
    [3072, 'IN_PROGRESS'],
    [4000, 'COMPLETED'],
    [4000, 'COMPLETED'],
  ]);
  assert.equal(opened.filter((key) => key === 'in/1.json').length, 1);
});

test('a rate counts the units of large items, and a restart keeps to it', async () => {
  const fixture = await BulkFixture.with();
  const large = { text: { S: 'x'.repeat(100 * 1024) } };
  fixture.put('in/1.json', Array.from({ length: 25 }, (_, at) => line(order(`a-${at}`, large))).join(''));
  const { BulkOperationArn: arn } = await fixture.start({ MaxWriteRequestUnits: 1024 });
  await fixture.engine.idle();
  const { ProcessedItemCount: first } = await fixture.describeBulk(arn);
  // 101 units each: the eleventh goes into debt.
  assert.equal(first, 11);
  await fixture.restart('killed');
  await fixture.engine.idle();
  assert.equal((await fixture.describeBulk(arn)).ProcessedItemCount, 22);
  fixture.clock.advance(1100);
  await fixture.engine.idle();
  const ended = await fixture.describeBulk(arn);
  assert.deepEqual([ended.ProcessedItemCount, ended.BulkOperationStatus], [25, 'COMPLETED']);
});

test('an operation that is cancelled stops where it is, keeps what it has written, and reports', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json', `${lines('a', 10)}${line(order('a-00000'), UNLESS_THERE)}${lines('b', 4000)}`);
  const { BulkOperationArn: arn } = await fixture.start({ MaxWriteRequestUnits: 1024 });
  await fixture.engine.idle();
  const cancelled = { BulkOperationArn: arn, BulkOperationStatus: 'CANCELLING' };
  assert.deepEqual(await fixture.run('CancelBulkOperation', { BulkOperationArn: arn }), cancelled);
  assert.equal((await fixture.describeBulk(arn)).BulkOperationStatus, 'CANCELLING');
  assert.deepEqual(await fixture.run('CancelBulkOperation', { BulkOperationArn: arn }), cancelled);
  await fixture.engine.idle();
  const ended = await fixture.describeBulk(arn);
  assert.equal(ended.BulkOperationStatus, 'CANCELLED');
  assert.deepEqual(
    [ended.FailureCode, ended.FailureMessage],
    ['Cancelled', 'The bulk operation was cancelled by a request.'],
  );
  assert.equal(ended.ProcessedItemCount, 1024);
  assert.equal((await fixture.items()).length, 1023);
  assert.equal(fixture.report('CONDITION_CHECK_FAILURE').length, 1);
  assert.equal(fixture.manifest().status, 'CANCELLED');
  fixture.clock.advance(5000);
  await fixture.engine.idle();
  assert.equal((await fixture.items()).length, 1023);
  await fixture.refuses('CancelBulkOperation', { BulkOperationArn: arn }, 'ValidationException', /is CANCELLED/);
});

test('a cancellation survives the process', async () => {
  const fixture = await BulkFixture.with({}, { transitionDelayMs: 1000 });
  fixture.clock.advance(1000);
  fixture.put('in/1.json', lines('a', 10));
  const { BulkOperationArn: arn } = await fixture.start();
  await fixture.run('CancelBulkOperation', { BulkOperationArn: arn });
  await fixture.restart('killed');
  fixture.clock.advance(1000);
  await fixture.engine.idle();
  const ended = await fixture.describeBulk(arn);
  assert.deepEqual([ended.BulkOperationStatus, ended.ProcessedItemCount], ['CANCELLED', 0]);
});

test('one token begins one operation, for eight hours', async () => {
  const fixture = await BulkFixture.with();
  const first = await fixture.start({ ClientToken: 'a token' });
  await fixture.engine.idle();
  const again = await fixture.start({ ClientToken: 'a token' });
  assert.equal(again.BulkOperationArn, first.BulkOperationArn);
  assert.equal(again.BulkOperationStatus, 'COMPLETED');
  await fixture.refuses(
    'StartBulkPutItems',
    request({ ClientToken: 'a token', PerformanceTier: 'ACCELERATED' }),
    'IdempotentParameterMismatchException',
    /different request parameters/,
  );
  const other = await fixture.start({ ClientToken: 'another token', PerformanceTier: 'ACCELERATED' });
  assert.equal(other.PerformanceTier, 'ACCELERATED');
  fixture.clock.advance(8 * HOUR_MS);
  assert.notEqual((await fixture.start({ ClientToken: 'a token' })).BulkOperationArn, first.BulkOperationArn);
});

test('operations are listed from the newest, page by page, for 90 days', async () => {
  const fixture = await BulkFixture.with();
  const arns: unknown[] = [];
  for (let at = 0; at < 12; at++) {
    arns.unshift((await fixture.finished()).BulkOperationArn);
    fixture.clock.advance(1000);
  }
  const page = async (input: Json) => {
    const output = await fixture.run('ListBulkOperations', input);
    const summaries = output.BulkOperationsSummaryList as Json[];
    return { arns: summaries.map(({ BulkOperationArn: arn }) => arn), token: output.NextToken, summaries };
  };
  const first = await page({});
  assert.deepEqual(first.arns, arns.slice(0, 10));
  assert.match(String(first.token), /^([0-9a-f]{16})+$/);
  const { StartTime, EndTime, ...rest } = first.summaries[0] ?? {};
  assert.deepEqual(rest, { BulkOperationArn: arns[0], BulkOperationStatus: 'COMPLETED' });
  assert.deepEqual([typeof StartTime, typeof EndTime], ['number', 'number']);
  const second = await page({ NextToken: first.token });
  assert.deepEqual([second.arns, second.token], [arns.slice(10), undefined]);
  assert.deepEqual((await page({ MaxResults: 25 })).arns, arns);
  await fixture.refuses('ListBulkOperations', { MaxResults: 26 }, 'ValidationException', /less than or equal to 25/);
  const wrong = '0'.repeat(128);
  await fixture.refuses('ListBulkOperations', { NextToken: wrong }, 'ValidationException', /nextToken is invalid/);
  fixture.clock.advance(90 * 24 * HOUR_MS - 6500);
  assert.deepEqual((await page({ MaxResults: 25 })).arns, arns.slice(0, 6));
});

for (const [what, changes, code, message] of [
  [
    'an input bucket that is not there',
    { InputS3Configuration: { S3Bucket: 'nowhere', InputFormat: 'ION' } },
    'S3NoSuchBucket',
    /^The specified bucket does not exist \(Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket/,
  ],
  [
    'an output bucket that is not there',
    { OutputS3Configuration: { ...OUT, S3Bucket: 'nowhere' } },
    'S3NoSuchBucket',
    /Error Code: NoSuchBucket/,
  ],
  [
    'a bucket of another account',
    { InputS3Configuration: { S3Bucket: 'files', S3BucketOwner: '111122223333', InputFormat: 'ION' } },
    'S3AccessDenied',
    /^Access Denied/,
  ],
] as const) {
  test(`${what} fails the operation before it writes`, async () => {
    const fixture = await BulkFixture.with();
    fixture.put('in/1.json', line(order('a')));
    const ended = await fixture.finished(changes);
    assert.equal(ended.BulkOperationStatus, 'FAILED');
    assert.equal(ended.FailureCode, code);
    assert.match(String(ended.FailureMessage), message);
    assert.equal(ended.ProcessedItemCount, 0);
    assert.deepEqual(await fixture.items(), []);
  });
}

test('a bucket is that of the requester, unless its owner is named', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json', line(order('a')));
  const caller = { accountId: '111122223333', region: 'us-east-1' };
  await fixture.run('CreateTable', orders(), caller);
  const owned = (configuration: unknown, S3BucketOwner: string) => ({ ...(configuration as object), S3BucketOwner });
  const given = request();
  const codes: unknown[] = [];
  for (const input of [
    given,
    {
      ...given,
      InputS3Configuration: owned(given.InputS3Configuration, '000000000000'),
      OutputS3Configuration: owned(given.OutputS3Configuration, '000000000000'),
    },
  ]) {
    const begun = (await fixture.run('StartBulkPutItems', input, caller)).BulkOperationDescription as Json;
    await fixture.engine.idle();
    const output = await fixture.run('DescribeBulkOperation', { BulkOperationArn: begun.BulkOperationArn }, caller);
    const { BulkOperationStatus: status, FailureCode: code } = output.BulkOperationDescription as Json;
    codes.push([status, code]);
  }
  assert.deepEqual(codes, [
    ['FAILED', 'S3AccessDenied'],
    ['COMPLETED', undefined],
  ]);
});

test('a table that goes fails the operation, which reports what it can', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json', `${line({})}${lines('a', 2000)}`);
  fixture.put('in/2.json', line(order('b')));
  const { BulkOperationArn: arn } = await fixture.start({ MaxWriteRequestUnits: 1024 });
  await fixture.engine.idle();
  await fixture.run('DeleteTable', { TableName: 'orders' });
  fixture.clock.advance(1000);
  await fixture.engine.idle();
  const ended = await fixture.describeBulk(arn);
  assert.deepEqual([ended.BulkOperationStatus, ended.FailureCode], ['FAILED', 'TableNotFound']);
  assert.equal(fixture.manifest().status, 'FAILED');
});

test('an output bucket that goes fails the operation, and an object that goes is an error of its own', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json', lines('a', 10));
  fixture.objects.onAccess = async (key) => {
    if (key === 'in/1.json') throw new ObjectStoreError('NoSuchKey', 404, 'The specified key does not exist.');
  };
  const ended = await fixture.finished();
  assert.deepEqual([ended.BulkOperationStatus, ended.FailedItemCount], ['COMPLETED_WITH_ERRORS', 1]);
  assert.match(JSON.stringify(fixture.report('ERROR')), /The specified key does not exist/);
  fixture.objects.onAccess = async (key) => {
    if (key.startsWith('out/')) throw new ObjectStoreError('NoSuchBucket', 404, 'The specified bucket does not exist');
  };
  const failed = await fixture.finished();
  assert.deepEqual([failed.BulkOperationStatus, failed.FailureCode], ['FAILED', 'S3NoSuchBucket']);
  assert.equal(failed.ProcessedItemCount, 10);
});

test('output under the prefix of the input is not read as input', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json', line(order('a')));
  fixture.put('in/z.json', line({}) + line(order('b')));
  const ended = await fixture.finished({ OutputS3Configuration: { ...OUT, S3KeyPrefix: 'in/' } });
  assert.deepEqual([ended.ProcessedItemCount, ended.FailedItemCount], [3, 1]);
  assert.equal(ended.ProcessedInputBytes, ended.TotalInputBytes);
});

test('a table with replicas takes no bulk puts, and one with bulk puts no replica', async () => {
  const fixture = await BulkFixture.with();
  fixture.put('in/1.json', lines('a', 2000));
  const { BulkOperationArn: arn } = await fixture.start({ MaxWriteRequestUnits: 1024 });
  const create = { TableName: 'orders', ReplicaUpdates: [{ Create: { RegionName: 'eu-west-1' } }] };
  await fixture.refuses('UpdateTable', create, 'ResourceInUseException', /a bulk operation is in progress/);
  await fixture.engine.idle();
  fixture.clock.advance(1000);
  await fixture.engine.idle();
  assert.equal((await fixture.describeBulk(arn)).BulkOperationStatus, 'COMPLETED');
  await fixture.run('UpdateTable', create);
  await fixture.engine.idle();
  await fixture.refuses('StartBulkPutItems', request(), 'ValidationException', /does not support global tables/);
});

test('a table that is being made, or gets an index, takes no bulk puts', async () => {
  const fixture = await BulkFixture.with({}, { transitionDelayMs: 1000 });
  await fixture.refuses('StartBulkPutItems', request(), 'ResourceInUseException', /Table is being created: orders/);
  fixture.clock.advance(1000);
  await fixture.update(BY_GROUP);
  await fixture.refuses('StartBulkPutItems', request(), 'ResourceInUseException', /Indexes: \[by-group\]/);
  await fixture.refuses(
    'StartBulkPutItems',
    request({ TableName: 'elsewhere' }),
    'ResourceNotFoundException',
    'Requested resource not found: Table: elsewhere not found',
  );
});

for (const [what, changes, message] of [
  ['a rate below 1024', { MaxWriteRequestUnits: 1023 }, /'maxWriteRequestUnits'.*greater than or equal to 1024/],
  ['a tier that is none', { PerformanceTier: 'FAST' }, /enum value set: \[STANDARD, ACCELERATED\]/],
  ['no output types', { OutputS3Configuration: { ...OUT, OutputType: [] } }, /greater than or equal to 1/],
  [
    'CSV',
    { InputS3Configuration: { S3Bucket: 'files', InputFormat: 'CSV' } },
    /enum value set: \[ION, DYNAMODB_JSON\]/,
  ],
  [
    'no output bucket',
    { OutputS3Configuration: { OutputType: ['ERROR'] } },
    /outputS3Configuration.s3Bucket.*not be null/,
  ],
  ['a key without KMS', { OutputS3Configuration: { ...OUT, S3SseKmsKeyId: 'a-key' } }, /KMS Key Id is not supported/],
  [
    'KMS without a key',
    { OutputS3Configuration: { ...OUT, S3SseAlgorithm: 'KMS' } },
    /S3SseKmsKeyId must be specified/,
  ],
] as const) {
  test(`${what} is refused`, async () => {
    const fixture = await BulkFixture.with();
    await fixture.refuses('StartBulkPutItems', request(changes), 'ValidationException', message);
  });
}

test('operations that are not there, and ARNs that are none, are refused', async () => {
  const fixture = await BulkFixture.with();
  const absent = `${ARN}/bulk-operation/01695353076000-2f7d8b8a`;
  for (const operation of ['DescribeBulkOperation', 'CancelBulkOperation']) {
    await fixture.refuses(
      operation,
      { BulkOperationArn: absent },
      'ResourceNotFoundException',
      /^Bulk operation not found/,
    );
    const wrong = absent.replace('bulk-operation', 'import');
    await fixture.refuses(operation, { BulkOperationArn: wrong }, 'ValidationException', 'Invalid Bulk operation ARN');
  }
});

function conditional(name: string, count: number): string {
  return Array.from({ length: count }, (_, at) =>
    line(order(`${name}-${String(at).padStart(5, '0')}`), UNLESS_THERE),
  ).join('');
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
