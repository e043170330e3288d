import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { BackupFixture } from '../backup/backup-fixture.js';
import { ARN } from '../control/engine-fixture.js';
import { MemoryObjects } from '../jobs/memory-objects.js';

const MINUTE_MS = 60_000;

/** An engine with objects, and a table `orders` with point-in-time recovery. */
class ExportFixture extends BackupFixture {
  constructor(
    readonly objects = new MemoryObjects(),
    options: { transitionDelayMs?: number } = {},
  ) {
    super({ objectStore: objects, ...options });
  }

  async start(input: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const request = { TableArn: ARN, S3Bucket: 'files', ...input };
    return (await this.run('ExportTableToPointInTime', request)).ExportDescription as Record<string, unknown>;
  }

  async describeExport(arn: unknown): Promise<Record<string, unknown>> {
    return (await this.run('DescribeExport', { ExportArn: arn })).ExportDescription as Record<string, unknown>;
  }

  /** An export from its beginning to its end. */
  async finished(input: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { ExportArn: arn } = await this.start(input);
    await this.engine.idle();
    return this.describeExport(arn);
  }

  /** The lines of all data files that the manifest of the one export names, sorted. */
  lines(): string[] {
    const files = json(this.objects.ending('manifest-files.json').toString().trim().split('\n'));
    const texts = files.map(({ dataFileS3Key }) => gunzipSync(this.objects.objects.get(String(dataFileS3Key)) ?? ''));
    return texts
      .flatMap((text) => text.toString().split('\n'))
      .filter((line) => line !== '')
      .sort();
  }
}

function json(texts: readonly string[]): Record<string, unknown>[] {
  return texts.map((text) => JSON.parse(text));
}

async function recoverable(fixture = new ExportFixture()): Promise<ExportFixture> {
  await fixture.table();
  await fixture.recovery(true);
  return fixture;
}

test('a full export lays out its files, manifests and check sums as AWS does', async () => {
  const fixture = await recoverable();
  for (const key of ['a', 'b', 'c']) await fixture.put(key, `value ${key}`);
  const described = await fixture.finished({ S3Prefix: 'daily/' });
  const id = String(described.ExportArn).split('/').at(-1);
  assert.equal(described.ExportStatus, 'COMPLETED');
  assert.equal(described.ItemCount, 3);
  assert.equal(described.ExportManifest, `daily/AWSDynamoDB/${id}/manifest-summary.json`);
  assert.equal('ExportType' in described, false);
  const names = [...fixture.objects.objects.keys()].map((key) => key.replace(`daily/AWSDynamoDB/${id}/`, ''));
  const data = names.filter((name) => name.startsWith('data/'));
  assert.equal(data.length, 4, 'a file for each partition of a table on demand');
  for (const name of data) assert.match(name, /^data\/[a-z2-7]{26}\.json\.gz$/);
  const others = names.filter((name) => !name.startsWith('data/')).sort();
  const manifests = ['manifest-files.json', 'manifest-files.md5', 'manifest-summary.json', 'manifest-summary.md5'];
  assert.deepEqual(others, ['_started', ...manifests]);
  assert.deepEqual(
    fixture.lines(),
    ['a', 'b', 'c'].map((key) => JSON.stringify({ Item: { pk: { S: key }, value: { S: `value ${key}` } } })),
  );
  for (const name of ['manifest-files', 'manifest-summary']) {
    const sum = createHash('md5')
      .update(fixture.objects.ending(`${name}.json`))
      .digest('base64');
    assert.equal(fixture.objects.ending(`${name}.md5`).toString(), sum);
  }
  const summary = JSON.parse(fixture.objects.ending('manifest-summary.json').toString());
  assert.equal(summary.itemCount, 3);
  assert.equal(summary.manifestFilesS3Key, `daily/AWSDynamoDB/${id}/manifest-files.json`);
  assert.equal(summary.version, '2020-06-30');
});

test('a full export has the items as they were at its second, whatever happened since', async () => {
  const fixture = await recoverable();
  await fixture.put('kept', 'first');
  await fixture.put('deleted', 'first');
  fixture.clock.advance(1000);
  const atMs = fixture.clock.nowMs();
  fixture.clock.advance(10 * MINUTE_MS);
  await fixture.put('kept', 'second');
  await fixture.put('new', 'second');
  await fixture.remove('deleted');
  const described = await fixture.finished({ ExportTime: atMs / 1000 });
  assert.equal(described.ExportTime, atMs / 1000);
  const items = json(fixture.lines()).map(({ Item }) => (Item as Record<string, { S: string }>).pk?.S);
  assert.deepEqual(items.sort(), ['deleted', 'kept']);
});

test('items in Ion are typed, and numbers have no trailing zeros', async () => {
  const fixture = await recoverable();
  const item = {
    pk: { S: 'quote " and é' },
    n: { L: ['103', '600', '-1.50', '0', '1E-130', '0.001'].map((N) => ({ N })) },
    'odd name': { M: { "it's": { BOOL: true }, none: { NULL: true } } },
    b: { B: 'aGk=' },
    ss: { SS: ['x', 'y'] },
    ns: { NS: ['2'] },
    bs: { BS: ['aGk='] },
  };
  await fixture.run('PutItem', { TableName: 'orders', Item: item });
  await fixture.finished({ ExportFormat: 'ION' });
  assert.deepEqual(fixture.lines(), [
    `$ion_1_0 {Item:{pk:"quote \\" and é",n:[103.,6d2,-1.5,0.,1d-130,0.001],'odd name':{'it\\'s':true,none:null},` +
      'b:{{aGk=}},ss:$dynamodb_SS::["x","y"],ns:$dynamodb_NS::[2.],bs:$dynamodb_BS::[{{aGk=}}]}}',
  ]);
});

test('an incremental export tells what became of each item over its period', async () => {
  const fixture = await recoverable();
  for (const key of ['same', 'changed', 'deleted', 'later']) await fixture.put(key, 'before');
  fixture.clock.advance(MINUTE_MS);
  const fromMs = Math.ceil(fixture.clock.nowMs() / 1000) * 1000;
  fixture.clock.advance(fromMs - fixture.clock.nowMs());
  await fixture.put('changed', 'in between');
  await fixture.put('passing', 'in between');
  fixture.clock.advance(MINUTE_MS);
  await fixture.put('changed', 'after');
  await fixture.put('inserted', 'after');
  await fixture.remove('deleted');
  await fixture.remove('passing');
  const changedMs = fixture.clock.nowMs();
  fixture.clock.advance(20 * MINUTE_MS);
  const toMs = Math.floor(fixture.clock.nowMs() / 1000) * 1000;
  await fixture.put('later', 'after the end');
  await fixture.put('changed', 'after the end');
  const specification = { ExportFromTime: fromMs / 1000, ExportToTime: toMs / 1000 };
  const input = { ExportType: 'INCREMENTAL_EXPORT', IncrementalExportSpecification: specification };
  const described = await fixture.finished(input);
  assert.equal(described.ExportStatus, 'COMPLETED', JSON.stringify(described));
  assert.equal('ExportTime' in described, false);
  const images = (key: string, value: string) => ({ pk: { S: key }, value: { S: value } });
  const Metadata = { WriteTimestampMicros: { N: String(changedMs * 1000) } };
  const expected = [
    {
      Metadata,
      Keys: { pk: { S: 'changed' } },
      OldImage: images('changed', 'before'),
      NewImage: images('changed', 'after'),
    },
    { Metadata, Keys: { pk: { S: 'deleted' } }, OldImage: images('deleted', 'before') },
    { Metadata, Keys: { pk: { S: 'inserted' } }, NewImage: images('inserted', 'after') },
  ];
  assert.deepEqual(json(fixture.lines()), expected);
  const id = String(described.ExportArn).split('/').at(-1);
  const keys = [...fixture.objects.objects.keys()];
  assert.ok(keys.some((key) => /^AWSDynamoDB\/data\/[a-z2-7]{26}\.json\.gz$/.test(key)));
  assert.ok(keys.includes(`AWSDynamoDB/${id}/manifest-summary.json`));
  const summary = JSON.parse(fixture.objects.ending('manifest-summary.json').toString());
  assert.equal(summary.exportType, 'INCREMENTAL_EXPORT');
  assert.equal(summary.outputView, 'NEW_AND_OLD_IMAGES');
});

test('a filter exports what it describes, and no more of it than the projection', async () => {
  const fixture = await recoverable();
  for (let number = 0; number < 20; number++) await fixture.put(`k${number}`, number < 3 ? 'few' : 'many');
  const names = { '#v': 'value' };
  const values = { ':v': { S: 'few' } };
  const described = await fixture.finished({
    FilterSpecification: {
      FilterExpression: '#v = :v',
      ProjectionExpression: 'pk',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    },
  });
  assert.equal(described.ItemCount, 3);
  assert.deepEqual(
    fixture.lines(),
    ['k0', 'k1', 'k2'].map((S) => JSON.stringify({ Item: { pk: { S } } })),
  );
  fixture.objects.objects.clear();
  const keyed = { KeyConditionExpression: 'pk = :k', ExpressionAttributeValues: { ':k': { S: 'k7' } } };
  await fixture.finished({ FilterSpecification: keyed });
  assert.deepEqual(fixture.lines(), [JSON.stringify({ Item: { pk: { S: 'k7' }, value: { S: 'many' } } })]);
  await fixture.refuses(
    'ExportTableToPointInTime',
    { TableArn: ARN, S3Bucket: 'files', FilterSpecification: {} },
    'ValidationException',
    'Invalid Request: Invalid FilterSpecification: The specification can not be empty',
  );
});

const NOW_S = (fixture: ExportFixture): number => Math.floor(fixture.clock.nowMs() / 1000);
const INCREMENTAL = { ExportType: 'INCREMENTAL_EXPORT' };

/** Two hours after the table was made, one after recovery was enabled. */
const REFUSED: readonly (readonly [
  what: string,
  input: (f: ExportFixture) => object,
  code: string,
  message: string,
])[] = [
  ['an empty ARN', () => ({ TableArn: '' }), 'ValidationException', 'Invalid TableArn: Invalid Table ARN'],
  [
    'a name in place of the ARN',
    () => ({ TableArn: 'orders' }),
    'ValidationException',
    'One or more parameter values were invalid: tableArn is not a valid ARN',
  ],
  [
    'an index',
    () => ({ TableArn: `${ARN}/index/by-group` }),
    'ValidationException',
    'Invalid Request: Table ARN is invalid.',
  ],
  [
    'another account',
    () => ({ TableArn: ARN.replace('000000000000', '111122223333') }),
    'AccessDeniedException',
    'Access is denied',
  ],
  ['no such table', () => ({ TableArn: `${ARN}x` }), 'TableNotFoundException', `Table not found: ${ARN}x`],
  [
    'a time to come',
    (fixture) => ({ ExportTime: NOW_S(fixture) + 5 }),
    'InvalidExportTimeException',
    'Export Time is invalid',
  ],
  [
    'a time before recovery was enabled',
    (fixture) => ({ ExportTime: NOW_S(fixture) - 5400 }),
    'InvalidExportTimeException',
    'Point in Time Recovery is not available for specified export time',
  ],
  [
    'a period without its kind',
    () => ({ IncrementalExportSpecification: { ExportFromTime: 0 } }),
    'ValidationException',
    'Invalid Request: Export Type expected to be Incremental Export when incremental export specification is provided',
  ],
  [
    'a kind without its period',
    () => INCREMENTAL,
    'ValidationException',
    'Invalid Request: Incremental Export Specification expected when export type is set as Incremental Export',
  ],
  [
    'a period of five minutes',
    (fixture) => ({
      ...INCREMENTAL,
      IncrementalExportSpecification: { ExportFromTime: NOW_S(fixture) - 600, ExportToTime: NOW_S(fixture) - 300 },
    }),
    'InvalidExportTimeException',
    'Difference between export period from time and export period to time is less than 15 minutes',
  ],
  [
    'a key of KMS without its algorithm',
    () => ({ S3SseKmsKeyId: 'alias/mine' }),
    'ValidationException',
    'Invalid Request: KMS Key Id is not supported for this encryption type',
  ],
  [
    'an unknown format',
    () => ({ ExportFormat: 'CSV' }),
    'ValidationException',
    "1 validation error detected: Value 'CSV' at 'exportFormat' failed to satisfy constraint: Member must satisfy " +
      'enum value set: [ION, DYNAMODB_JSON]',
  ],
];

for (const [what, input, code, message] of REFUSED) {
  test(`an export is refused: ${what}`, async () => {
    const fixture = new ExportFixture();
    await fixture.table();
    fixture.clock.advance(60 * MINUTE_MS);
    await fixture.recovery(true);
    fixture.clock.advance(60 * MINUTE_MS);
    const request = { TableArn: ARN, S3Bucket: 'files', ...input(fixture) };
    await fixture.refuses('ExportTableToPointInTime', request, code, message);
  });
}

test('an export needs point-in-time recovery', async () => {
  const fixture = new ExportFixture();
  await fixture.table();
  await fixture.refuses(
    'ExportTableToPointInTime',
    { TableArn: ARN, S3Bucket: 'nowhere' },
    'PointInTimeRecoveryUnavailableException',
    "Point in time recovery is not enabled for table 'orders'",
  );
});

test('a token stands for one export, for eight hours after it', async () => {
  const fixture = await recoverable();
  const first = await fixture.start({ ClientToken: 'one' });
  assert.equal((await fixture.start({ ClientToken: 'one' })).ExportArn, first.ExportArn);
  await fixture.engine.idle();
  assert.equal((await fixture.start({ ClientToken: 'one' })).ExportArn, first.ExportArn);
  await fixture.refuses(
    'ExportTableToPointInTime',
    { TableArn: ARN, S3Bucket: 'files', ClientToken: 'one', S3Prefix: 'other' },
    'ExportConflictException',
    'Export conflict: Duplicate request detected with conflicting parameters',
  );
  fixture.clock.advance(8 * 3600 * 1000);
  assert.notEqual((await fixture.start({ ClientToken: 'one' })).ExportArn, first.ExportArn);
});

test('an export to a bucket that is not there, or not theirs, fails in the words of S3', async () => {
  const fixture = await recoverable();
  const nowhere = await fixture.finished({ S3Bucket: 'nowhere' });
  assert.equal(nowhere.ExportStatus, 'FAILED');
  assert.equal(nowhere.FailureCode, 'S3NoSuchBucket');
  assert.match(
    String(nowhere.FailureMessage),
    /^The specified bucket does not exist \(Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Request ID: /,
  );
  const foreign = await fixture.finished({ S3BucketOwner: '111122223333' });
  assert.equal(foreign.FailureCode, 'S3AccessDenied');
  assert.deepEqual(
    fixture.historyKeys().filter((key) => key.startsWith('Dp')),
    [],
    'nothing is kept for them',
  );
});

test('an export that began goes on when its table is deleted, and keeps nothing when it has ended', async () => {
  const fixture = await recoverable();
  await fixture.put('a', 'there');
  const { ExportArn: arn } = await fixture.start();
  await fixture.run('DeleteTable', { TableName: 'orders' });
  await fixture.engine.idle();
  assert.equal((await fixture.describeExport(arn)).ExportStatus, 'COMPLETED');
  assert.equal(fixture.lines().length, 1);
  assert.deepEqual((await fixture.run('ListExports', { TableArn: ARN })).ExportSummaries, []);
});

for (const how of ['stopped', 'killed'] as const) {
  test(`an export goes on after the engine was ${how} in the middle of it`, async () => {
    const fixture = await recoverable();
    for (let number = 0; number < 200; number++) await fixture.put(`k${number}`, 'there');
    let files = 0;
    // The first engine gets no further than its third file.
    let release = (): void => {};
    fixture.objects.onAccess = (key) => {
      if (!key.includes('/data/') || ++files !== 3) return Promise.resolve();
      return new Promise((resolve) => {
        release = resolve;
      });
    };
    const { ExportArn: arn } = await fixture.start();
    while (files < 3) await new Promise((resolve) => setImmediate(resolve));
    const first = fixture.engine;
    const stopping = how === 'stopped' ? first.close() : undefined;
    release();
    await stopping;
    if (how === 'stopped') assert.equal((await fixture.describeExport(arn)).ExportStatus, 'IN_PROGRESS');
    await fixture.restart('killed');
    await fixture.put('k0', 'changed');
    await fixture.engine.idle();
    await first.idle();
    assert.equal((await fixture.describeExport(arn)).ExportStatus, 'COMPLETED');
    assert.equal(fixture.lines().length, 200);
    assert.equal(new Set(fixture.lines()).size, 200);
    assert.ok(!fixture.lines().some((line) => line.includes('changed')));
  });
}

test('an export is in progress as long as transitions take', async () => {
  const fixture = new ExportFixture(new MemoryObjects(), { transitionDelayMs: 5000 });
  await fixture.table();
  fixture.clock.advance(5000);
  await fixture.recovery(true);
  const { ExportArn: arn } = await fixture.start();
  fixture.clock.advance(4999);
  await fixture.engine.idle();
  assert.equal((await fixture.describeExport(arn)).ExportStatus, 'IN_PROGRESS');
  fixture.clock.advance(1);
  await fixture.engine.idle();
  assert.equal((await fixture.describeExport(arn)).ExportStatus, 'COMPLETED');
});

test('exports are listed from the newest, page by page', async () => {
  const fixture = await recoverable();
  const arns: unknown[] = [];
  for (let number = 0; number < 12; number++) {
    fixture.clock.advance(1000);
    arns.unshift((await fixture.start()).ExportArn);
  }
  const first = await fixture.run('ListExports', {});
  const rest = await fixture.run('ListExports', { NextToken: first.NextToken });
  const listed = [first, rest].flatMap((page) => page.ExportSummaries as { ExportArn: string }[]);
  assert.equal((first.ExportSummaries as object[]).length, 10);
  assert.equal('NextToken' in rest, false);
  assert.deepEqual(
    listed.map(({ ExportArn }) => ExportArn),
    arns,
  );
  await fixture.refuses(
    'ListExports',
    { NextToken: '0123456789abcdef'.repeat(16) },
    'ValidationException',
    /^Invalid Request: Provided nextToken is invalid: /,
  );
  await fixture.refuses('ListImports', { NextToken: first.NextToken }, 'ValidationException', /nextToken is invalid/);
});

test('an export that is not there is told from what is no export', async () => {
  const fixture = await recoverable();
  const missing = `${ARN}/export/01234567890123-a1b2c3d4`;
  await fixture.refuses(
    'DescribeExport',
    { ExportArn: missing },
    'ExportNotFoundException',
    `Export not found: Export not found: ${missing}`,
  );
  await fixture.refuses('DescribeExport', { ExportArn: ARN }, 'ValidationException', 'Invalid Export ARN');
  await fixture.refuses('DescribeExport', { ExportArn: 'x'.repeat(40) }, 'ValidationException', 'Invalid Export ARN');
  const elsewhere = missing.replace('us-east-1', 'eu-west-1');
  await fixture.refuses(
    'DescribeExport',
    { ExportArn: elsewhere },
    'ExportNotFoundException',
    'Export not found: Invalid export arn',
  );
  const foreign = missing.replace('000000000000', '111122223333');
  await fixture.refuses('DescribeExport', { ExportArn: foreign }, 'AccessDeniedException', 'Access is denied');
});
