import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { IonTypes, makeBinaryWriter } from 'ion-js';
import { EngineFixture } from '../control/engine-fixture.js';
import { encodeOutput } from '../data/index.js';
import { MemoryObjects } from '../jobs/memory-objects.js';
import type { ImportLogEntry } from './import-log.js';

const IMPORTED_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/imported';

class ImportFixture extends EngineFixture {
  readonly entries: ImportLogEntry[];

  constructor(
    readonly objects = new MemoryObjects(),
    options: { transitionDelayMs?: number } = {},
  ) {
    const entries: ImportLogEntry[] = [];
    const importLog = { append: async (_place: object, entry: ImportLogEntry) => void entries.push(entry) };
    super({ objectStore: objects, importLog, ...options });
    this.entries = entries;
  }

  put(key: string, content: string | Buffer): void {
    this.objects.objects.set(key, Buffer.from(content));
  }

  async start(input: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const output = await this.run('ImportTable', request(input));
    return output.ImportTableDescription as Record<string, unknown>;
  }

  async describeImport(arn: unknown): Promise<Record<string, unknown>> {
    return (await this.run('DescribeImport', { ImportArn: arn })).ImportTableDescription as Record<string, unknown>;
  }

  async finished(input: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { ImportArn: arn } = await this.start(input);
    await this.engine.idle();
    return this.describeImport(arn);
  }

  async items(name = 'imported', index?: string): Promise<Record<string, unknown>[]> {
    const input = { TableName: name, ...(index !== undefined && { IndexName: index }) };
    const { Items: items } = JSON.parse(encodeOutput(await this.run('Scan', input)).toString());
    return items.sort((one: object, other: object) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
}

function request(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ClientToken: 'a token',
    S3BucketSource: { S3Bucket: 'files', S3KeyPrefix: 'data/' },
    InputFormat: 'DYNAMODB_JSON',
    TableCreationParameters: imported(),
    ...changes,
  };
}

function imported(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    TableName: 'imported',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'p', AttributeType: 'S' },
      { AttributeName: 'c', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'p', KeyType: 'HASH' },
      { AttributeName: 'c', KeyType: 'RANGE' },
    ],
    ...changes,
  };
}

function item(p: string, c: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { p: { S: p }, c: { N: String(c) }, ...more };
}

function lines(items: readonly object[]): string {
  return items.map((one) => `${JSON.stringify({ Item: one })}\n`).join('');
}

test('an import makes a table of the objects of a prefix, and tells of it as AWS does', async () => {
  const fixture = new ImportFixture();
  const items = [
    item('a', 1, { v: { SS: ['x', 'y'] } }),
    item('a', 2),
    item('b', 1, { m: { M: { n: { N: '1.5' } } } }),
  ];
  fixture.put('data/1.json', lines(items.slice(0, 2)));
  fixture.put('data/2.json', `\n   \n${lines(items.slice(2))}`);
  fixture.put('data/3.json', '');
  fixture.put('other', 'not looked at');
  const begun = await fixture.start();
  assert.equal(begun.ImportStatus, 'IN_PROGRESS');
  assert.equal(begun.ProcessedItemCount, 0);
  assert.equal('EndTime' in begun || 'ProcessedSizeBytes' in begun, false);
  assert.deepEqual(begun.S3BucketSource, { S3BucketOwner: '000000000000', S3Bucket: 'files', S3KeyPrefix: 'data/' });
  assert.equal(begun.InputCompressionType, 'NONE');
  assert.equal(begun.CloudWatchLogGroupArn, 'arn:aws:logs:us-east-1:000000000000:log-group:/aws-dynamodb/imports:*');
  await fixture.engine.idle();
  const ended = await fixture.describeImport(begun.ImportArn);
  assert.equal(ended.ImportStatus, 'COMPLETED');
  assert.deepEqual([ended.ProcessedItemCount, ended.ImportedItemCount, ended.ErrorCount], [3, 3, 0]);
  const sizes = [...fixture.objects.objects]
    .filter(([key]) => key.startsWith('data/'))
    .map(([, bytes]) => bytes.length);
  assert.equal(
    ended.ProcessedSizeBytes,
    sizes.reduce((sum, size) => sum + size),
  );
  const table = await fixture.describe('imported');
  assert.equal(table.TableStatus, 'ACTIVE');
  assert.equal(table.TableId, begun.TableId);
  assert.deepEqual(await fixture.items(), items);
});

const RICH = [
  item('quote " and 日本 🦑', 1, {
    n: { L: ['0', '-17.5', '1'.repeat(38), '1E-130', '600'].map((N) => ({ N })) },
    b: { B: 'AAH+/w==' },
    none: { NULL: true },
    yes: { BOOL: true },
    ns: { NS: ['-2', '3.5'] },
    bs: { BS: ['AA==', 'AQ=='] },
    deep: { M: { "it's": { M: { 'a.b': { L: [{ M: {} }, { L: [] }] } } } } },
  }),
  item('{{//}} /* */', 2, { slash: { B: '////' } }),
];

for (const [format, compression] of [
  ['DYNAMODB_JSON', 'GZIP'],
  ['ION', 'GZIP'],
] as const) {
  test(`what was exported as ${format} is imported as it was`, async () => {
    const fixture = new ImportFixture();
    await fixture.run('CreateTable', imported({ TableName: 'source' }));
    await fixture.run('UpdateContinuousBackups', {
      TableName: 'source',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    for (const one of RICH) await fixture.run('PutItem', { TableName: 'source', Item: one });
    const source = { TableArn: IMPORTED_ARN.replace('imported', 'source'), S3Bucket: 'files', ExportFormat: format };
    const { ExportDescription: started } = await fixture.run('ExportTableToPointInTime', source);
    await fixture.engine.idle();
    const id = String((started as { ExportArn: string }).ExportArn)
      .split('/')
      .at(-1);
    const described = await fixture.finished({
      S3BucketSource: { S3Bucket: 'files', S3KeyPrefix: `AWSDynamoDB/${id}/data/` },
      InputFormat: format,
      InputCompressionType: compression,
    });
    assert.equal(described.ImportStatus, 'COMPLETED', JSON.stringify(fixture.entries));
    assert.deepEqual(await fixture.items(), await fixture.items('source'));
  });
}

test('CSV takes its columns from the first line, keys by their types and all else as strings', async () => {
  const fixture = new ImportFixture();
  fixture.put('data/a.csv', 'p,c,g,text\na,1,10,"said ""yes"", twice"\nb,2,,\n');
  const parameters = imported({
    AttributeDefinitions: [
      { AttributeName: 'p', AttributeType: 'S' },
      { AttributeName: 'c', AttributeType: 'N' },
      { AttributeName: 'g', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-g',
        KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  const described = await fixture.finished({ InputFormat: 'CSV', TableCreationParameters: parameters });
  assert.equal(described.ImportStatus, 'COMPLETED', JSON.stringify(fixture.entries));
  const first = item('a', 1, { g: { N: '10' }, text: { S: 'said "yes", twice' } });
  assert.deepEqual(await fixture.items(), [first, item('b', 2)]);
  assert.deepEqual(await fixture.items('imported', 'by-g'), [first]);
});

test('of a CSV object that breaks off, what came before counts', async () => {
  for (const broken of ['b,2,3,4\n', 'b,2,say "no"\n', 'b,2\n']) {
    const fixture = new ImportFixture();
    fixture.put('data/a.csv', `p,c,v\na,1,x\na,2,"y, ""z""${'"'}\n${broken}c,1,z\n`);
    const described = await fixture.finished({ InputFormat: 'CSV' });
    assert.deepEqual([described.ProcessedItemCount, described.ImportedItemCount, described.ErrorCount], [3, 2, 1]);
    assert.deepEqual(await fixture.items(), [item('a', 1, { v: { S: 'x' } }), item('a', 2, { v: { S: 'y, "z"' } })]);
  }
});

test('CSV with a header of the request has values from the first line on', async () => {
  const fixture = new ImportFixture();
  fixture.put('data/a.csv', 'a;1;x,y\nb;2;z');
  const options = { Csv: { Delimiter: ';', HeaderList: ['p', 'c', 'text'] } };
  const described = await fixture.finished({ InputFormat: 'CSV', InputFormatOptions: options });
  assert.deepEqual(described.InputFormatOptions, options);
  assert.deepEqual(await fixture.items(), [item('a', 1, { text: { S: 'x,y' } }), item('b', 2, { text: { S: 'z' } })]);
});

test('Ion is read as text over several lines, as a list, and as binary', async () => {
  const fixture = new ImportFixture();
  fixture.put(
    'data/lines.ion',
    "$ion_1_0 // }\n{\n Item:{p:\"a\",c:1,b:{{ AA//AA== }}}}\n/* { */ {Item:{p:'''b''',c:2d0}}",
  );
  fixture.put('data/list.ion', '$ion_1_0\n[{Item:{p:"c",c:3.}},\n{Item:{p:"}",c:4.}}]\n');
  const writer = makeBinaryWriter();
  for (const c of [5, 6]) {
    writer.stepIn(IonTypes.STRUCT);
    writer.writeFieldName('Item');
    writer.stepIn(IonTypes.STRUCT);
    writer.writeFieldName('p');
    writer.writeString('binary');
    writer.writeFieldName('c');
    writer.writeInt(c);
    writer.stepOut();
    writer.stepOut();
  }
  writer.close();
  fixture.put('data/binary.ion', Buffer.from(writer.getBytes()));
  const described = await fixture.finished({ InputFormat: 'ION' });
  assert.equal(described.ImportStatus, 'COMPLETED', JSON.stringify(fixture.entries));
  const expected = [item('a', 1, { b: { B: 'AA//AA==' } }), item('b', 2), item('binary', 5), item('binary', 6)];
  assert.deepEqual(await fixture.items(), [...expected, item('c', 3), item('}', 4)]);
});

const ZSTD_LINES = [
  'KLUv/QRoHQEAcsIHDsAbDm5Pd1GozHTTddHdoO3iTeY+h27eZW41d0JrzABzDGtV',
  'KLUv/QRoHQEAcsIHDsAbDm5P9/2XZGmcu7TcoO3iTeY+h27eZW41d0JrzADaOWGJ',
];

test('Zstandard is read frame by frame', async () => {
  const fixture = new ImportFixture();
  // `zstd` of one line each.
  const frames = ZSTD_LINES.map((frame) => Buffer.from(frame, 'base64'));
  fixture.put('data/1.json.zst', Buffer.concat(frames));
  const described = await fixture.finished({ InputCompressionType: 'ZSTD' });
  assert.equal(described.ImportStatus, 'COMPLETED', JSON.stringify(fixture.entries));
  assert.deepEqual(await fixture.items(), [item('a', 1), item('b', 2)]);
});

test('objects that follow each other in a line are items each, up to what is none', async () => {
  const fixture = new ImportFixture();
  const tricky = item('a', 1, { v: { S: '} {"Item": \\" {' } });
  const inLine = (...items: object[]) => items.map((one) => JSON.stringify({ Item: one })).join('');
  fixture.put('data/1', `${inLine(tricky, item('b', 1))} \n${inLine(item('c', 1))}\t${inLine(item('d', 1))}\n`);
  const complete = await fixture.finished();
  assert.equal(complete.ImportStatus, 'COMPLETED', JSON.stringify(fixture.entries));
  assert.deepEqual([complete.ProcessedItemCount, complete.ImportedItemCount], [4, 4]);
  assert.deepEqual(await fixture.items(), [tricky, item('b', 1), item('c', 1), item('d', 1)]);

  const broken = new ImportFixture();
  broken.put('data/1', `${inLine(item('a', 1))},${inLine(item('b', 1))}`);
  broken.put('data/2', `${inLine(item('c', 1))}{"Item":`);
  const failed = await broken.finished();
  assert.deepEqual([failed.ImportStatus, failed.ProcessedItemCount, failed.ImportedItemCount], ['FAILED', 4, 2]);
  assert.deepEqual(await broken.items(), [item('a', 1), item('c', 1)]);
});

const GOOD = item('good', 1);
const BAD_OBJECTS: readonly (readonly [what: string, content: string | Buffer, message: RegExp, input?: object])[] = [
  ['not JSON at all', '{"Item": ', /Invalid JSON/],
  ['a line without an Item', '{"Other":{}}', /has no Item/],
  ['an item without its hash key', lines([{ c: { N: '1' } }]), /Missing the key p in the item/],
  ['an item without its range key', lines([{ p: { S: 'a' } }]), /Missing the key c in the item/],
  ['a key of another type', lines([{ p: { S: 'a' }, c: { S: '1' } }]), /Type mismatch for key c expected: N actual: S/],
  ['an empty attribute name', lines([item('a', 1, { '': { S: 'v' } })]), /Empty attribute name/],
  ['an item that is too large', lines([item('a', 1, { v: { S: 'x'.repeat(410_000) } })]), /Item size has exceeded/],
  ['GZIP of something else', 'plain text', /compression format GZIP/, { InputCompressionType: 'GZIP' }],
  ['ZSTD of something else', 'plain text, long enough', /compression format ZSTD/, { InputCompressionType: 'ZSTD' }],
  ['CSV with a quote inside', 'p,c,v\na,1,say "no"\n', /Invalid CSV/, { InputFormat: 'CSV' }],
  ['CSV with too many fields', 'p,c\na,1,2\n', /Invalid CSV/, { InputFormat: 'CSV' }],
  ['Ion that breaks off', '{Item:{p:"a",c:1}', /middle of a value/, { InputFormat: 'ION' }],
];

for (const [what, content, message, input = {}] of BAD_OBJECTS) {
  test(`an import fails at ${what}, logs it, and keeps its table`, async () => {
    const fixture = new ImportFixture();
    fixture.put('data/bad', content);
    const described = await fixture.finished({ ...input });
    assert.equal(described.ImportStatus, 'FAILED');
    assert.equal(described.FailureCode, 'ItemValidationError');
    assert.deepEqual([described.ProcessedItemCount, described.ImportedItemCount, described.ErrorCount], [1, 0, 1]);
    assert.deepEqual(await fixture.items(), []);
    const [entry] = fixture.entries;
    assert.equal(entry?.logGroup, '/aws-dynamodb/imports');
    assert.equal(entry?.logStream, `${String(described.ImportArn).split('/').at(-1)}/error`);
    const told = JSON.parse(entry?.message ?? '{}');
    assert.deepEqual(told.itemS3Pointer, { bucket: 'files', key: 'data/bad', itemIndex: 0 });
    assert.equal(told.importArn, described.ImportArn);
    assert.match(told.errorMessages[0], message);
  });
}

test('an item that is wrong is left out, and what is no item ends its object alone', async () => {
  const fixture = new ImportFixture();
  fixture.put('data/1', lines([GOOD, { p: { S: 'no range key' } }, item('good', 2)]));
  fixture.put('data/2', `${lines([item('good', 3)])}garbage\n${lines([item('never read', 1)])}`);
  fixture.put('data/3', gzipSync(lines([item('packed', 1)])));
  fixture.put('data/4', lines([item('good', 4)]));
  const described = await fixture.finished();
  assert.deepEqual([described.ProcessedItemCount, described.ImportedItemCount, described.ErrorCount], [7, 4, 3]);
  assert.deepEqual(
    await fixture.items(),
    [1, 2, 3, 4].map((c) => item('good', c)),
  );
});

test('of several items with one key the last stays, and each counts', async () => {
  const fixture = new ImportFixture();
  fixture.put('data/1', lines([item('dup', 1, { v: { S: 'first' } }), item('dup', 1, { v: { S: 'second' } })]));
  const described = await fixture.finished();
  assert.equal(described.ImportedItemCount, 2);
  assert.deepEqual(await fixture.items(), [item('dup', 1, { v: { S: 'second' } })]);
  assert.equal((await fixture.describe('imported')).ItemCount, 1);
});

test('a prefix of nothing makes an empty table, a bucket that is not there none', async () => {
  const fixture = new ImportFixture();
  const empty = await fixture.finished();
  assert.equal(empty.ImportStatus, 'COMPLETED');
  assert.deepEqual(await fixture.items(), []);
  const parameters = imported({ TableName: 'another' });
  const nowhere = await fixture.finished({
    ClientToken: 'another',
    S3BucketSource: { S3Bucket: 'nowhere' },
    TableCreationParameters: parameters,
  });
  assert.equal(nowhere.FailureCode, 'S3NoSuchBucket');
  assert.match(
    String(nowhere.FailureMessage),
    /^The specified bucket does not exist \(Service: Amazon S3; Status Code: 404;/,
  );
  await fixture.refuses('DescribeTable', { TableName: 'another' }, 'ResourceNotFoundException', /another/);
});

test('a token stands for one import as long as it is under way, by the table alone', async () => {
  const fixture = new ImportFixture();
  const first = await fixture.start();
  const repeated = await fixture.start({ InputFormat: 'CSV' });
  assert.equal(repeated.ImportArn, first.ImportArn);
  assert.equal(repeated.InputFormat, 'DYNAMODB_JSON');
  const other = request({ TableCreationParameters: imported({ TableName: 'other' }) });
  const conflict = 'Import conflict: Duplicate request detected with conflicting parameters';
  await fixture.refuses('ImportTable', other, 'ImportConflictException', conflict);
  await fixture.engine.idle();
  await fixture.refuses('ImportTable', request(), 'ResourceInUseException', 'Table already exists: imported');
  await fixture.run('DeleteTable', { TableName: 'imported' });
  assert.equal((await fixture.start()).ImportArn, first.ImportArn);
});

test('of two imports to one table one fails', async () => {
  const fixture = new ImportFixture();
  const both = [await fixture.start({ ClientToken: 'one' }), await fixture.start({ ClientToken: 'two' })];
  await fixture.engine.idle();
  const ended = await Promise.all(both.map(({ ImportArn }) => fixture.describeImport(ImportArn)));
  assert.deepEqual(ended.map(({ FailureCode }) => FailureCode).sort(), ['TableAlreadyExists', undefined]);
});

for (const how of ['stopped', 'killed'] as const) {
  test(`an import goes on after the engine was ${how} in the middle of it`, async () => {
    const fixture = new ImportFixture();
    const items = Array.from({ length: 40 }, (_, number) => item(`p${number}`, number));
    for (let at = 0; at < 4; at++) fixture.put(`data/${at}`, lines(items.slice(at * 10, at * 10 + 10)));
    let reads = 0;
    let release = (): void => {};
    fixture.objects.onAccess = () => {
      if (++reads !== 3) return Promise.resolve();
      return new Promise((resolve) => {
        release = resolve;
      });
    };
    const { ImportArn: arn } = await fixture.start();
    while (reads < 3) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await fixture.describe('imported')).TableStatus, 'CREATING');
    await fixture.refuses('DeleteTable', { TableName: 'imported' }, 'ResourceInUseException', /imported/);
    const first = fixture.engine;
    const stopping = how === 'stopped' ? first.close() : undefined;
    release();
    await stopping;
    await fixture.restart('killed');
    await fixture.engine.idle();
    const described = await fixture.describeImport(arn);
    assert.deepEqual([described.ImportStatus, described.ImportedItemCount], ['COMPLETED', 40]);
    assert.equal((await fixture.items()).length, 40);
    assert.equal((await fixture.describe('imported')).ItemCount, 40);
    await first.idle();
  });
}

test('an import is in progress, and its table being created, as long as transitions take', async () => {
  const fixture = new ImportFixture(new MemoryObjects(), { transitionDelayMs: 5000 });
  const { ImportArn: arn } = await fixture.start();
  await fixture.engine.idle();
  assert.equal((await fixture.describe('imported')).TableStatus, 'CREATING');
  assert.equal((await fixture.describeImport(arn)).ImportStatus, 'IN_PROGRESS');
  fixture.clock.advance(5000);
  await fixture.engine.idle();
  assert.equal((await fixture.describeImport(arn)).ImportStatus, 'COMPLETED');
  assert.equal((await fixture.describe('imported')).TableStatus, 'ACTIVE');
});

test('an import is refused without a token, and with options of another format', async () => {
  const fixture = new ImportFixture();
  const { ClientToken: _, ...without } = request();
  await fixture.refuses('ImportTable', without, 'ValidationException', /clientToken/);
  await fixture.refuses(
    'ImportTable',
    request({ InputFormatOptions: { Csv: { Delimiter: ',' } } }),
    'ValidationException',
    'Invalid Request: Unsupported InputFormatOptions for the given input format: DYNAMODB_JSON.',
  );
  await fixture.refuses(
    'ImportTable',
    request({ TableCreationParameters: imported({ BillingMode: 'PROVISIONED' }) }),
    'ValidationException',
    'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when ' +
      'BillingMode is PROVISIONED',
  );
});

test('imports are listed with what a summary has, also when their table is gone', async () => {
  const fixture = new ImportFixture();
  const { ImportArn: arn } = await fixture.start();
  await fixture.engine.idle();
  await fixture.run('DeleteTable', { TableName: 'imported' });
  fixture.clock.advance(1000);
  const later = await fixture.start({ ClientToken: 'later' });
  const page = await fixture.run('ListImports', { TableArn: IMPORTED_ARN, PageSize: 1 });
  assert.match(String(page.NextToken), /^([0-9a-f]{16}){7,}$/);
  const rest = await fixture.run('ListImports', { TableArn: IMPORTED_ARN, PageSize: 1, NextToken: page.NextToken });
  const [first, second] = [page, rest].flatMap((one) => one.ImportSummaryList as Record<string, unknown>[]);
  assert.deepEqual([first?.ImportArn, second?.ImportArn], [later.ImportArn, arn]);
  const members = ['ImportArn', 'ImportStatus', 'TableArn', 'S3BucketSource', 'CloudWatchLogGroupArn', 'InputFormat'];
  assert.deepEqual(Object.keys(second ?? {}), [...members, 'StartTime', 'EndTime']);
  const missing = `${IMPORTED_ARN}/import/01234567890123-a1b2c3d4`;
  await fixture.refuses('DescribeImport', { ImportArn: missing }, 'ImportNotFoundException', /^Import not found: /);
  const short = missing.replace('/imported/', '/x/');
  await fixture.refuses('DescribeImport', { ImportArn: short }, 'ValidationException', 'Invalid Import ARN');
});
