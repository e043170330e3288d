import assert from 'node:assert/strict';
import { request } from 'node:http';
import { before, describe, it } from 'node:test';
import { crc32, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createTable, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';

// Bodies in gzip from the client, and in gzip or deflate from the service, which packs answers from 4 KB on.

const LONG = 'x'.repeat(5000);
const target = new Target();
let table = '';

before(async () => {
  table = await createTable(target, simpleTable(target.tableName('packed'), 'S'));
  await target.client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: 'long' }, text: { S: LONG } } }));
});

interface RawAnswer {
  readonly status: number | undefined;
  readonly coding: string | undefined;
  readonly checksum: string;
  readonly body: Buffer;
}

/** Nothing on the way packs or unpacks, as fetch would. */
function send(operation: string, body: Buffer | string, headers: Record<string, string>): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(target.url, { method: 'POST', headers: { ...target.headers(operation), ...headers } });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          coding: response.headers['content-encoding'],
          checksum: String(response.headers['x-amz-crc32']),
          body: Buffer.concat(chunks),
        }),
      );
    });
    outgoing.end(body);
  });
}

const put = (id: string) => JSON.stringify({ TableName: table, Item: { pk: { S: id } } });
const isThere = async (id: string) => {
  const { Item } = await target.client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: id } } }));
  return Item !== undefined;
};

describe('a request in gzip', () => {
  const gzip = { 'content-encoding': 'gzip' };

  it('is unpacked, also from several pieces', async () => {
    const text = put('whole');
    assert.equal((await send('PutItem', gzipSync(text), gzip)).status, 200);
    assert.ok(await isThere('whole'));
    const pieces = put('pieces');
    const body = Buffer.concat([gzipSync(pieces.slice(0, 10)), gzipSync(pieces.slice(10))]);
    assert.equal((await send('PutItem', body, gzip)).status, 200);
    assert.ok(await isThere('pieces'));
  });

  it('that cannot be unpacked is an internal error, and does nothing', async () => {
    const packed = gzipSync(put('broken'));
    assert.equal((await send('PutItem', put('broken'), gzip)).status, 500);
    assert.equal((await send('PutItem', packed.subarray(0, -1), gzip)).status, 500);
    assert.equal((await send('PutItem', '', gzip)).status, 500);
    assert.equal((await send('PutItem', put('broken'), { 'content-encoding': 'garbage' })).status, 500);
    assert.equal(await isThere('broken'), false);
  });
});

describe('an answer', () => {
  const get = (id: string, accept: string | undefined) => {
    const body = JSON.stringify({ TableName: table, Key: { pk: { S: id } } });
    return send('GetItem', body, accept === undefined ? {} : { 'accept-encoding': accept });
  };

  it('is packed where it is long, with the checksum of what is sent', async () => {
    for (const [coding, unpack] of [
      ['gzip', gunzipSync],
      ['deflate', inflateSync],
    ] as const) {
      const answer = await get('long', coding);
      assert.equal(answer.coding, coding);
      assert.equal(answer.checksum, String(crc32(answer.body)));
      assert.equal(JSON.parse(unpack(answer.body).toString('utf8')).Item.text.S, LONG);
    }
    assert.equal((await get('short', 'gzip')).coding, undefined);
  });

  const CODINGS: readonly (readonly [accept: string | undefined, coding: string | undefined])[] = [
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['br', undefined],
    ['x-gzip', undefined],
    ['"gzip"', undefined],
    ['gzip br', undefined],
    ['gzip:q=1', undefined],
    ['gzip ;q=0', undefined],
    ['gzip;nq=1;q=0 ', undefined],
    ['*;q=0', undefined],
    ['gzip, deflate', 'gzip'],
    ['br, identity, deflate, gzip', 'deflate'],
    ['GZIP, identity', 'gzip'],
    ['dog, gzip ,, cat', 'gzip'],
    ['br, gzip;q=0, deflate; q = 0.5 , identity;q=0', 'deflate'],
    ['*', 'gzip'],
    ['*, deflate', 'deflate'],
    ['*, deflate;q=0.5', 'gzip'],
    ['*, gzip;q=0.5', 'deflate'],
    ['gzip;q=0.5,identity;q=0.8', 'gzip'],
    ['gzip;q=31,deflate;q=51', 'gzip'],
    ['deflate;q=0.5, gzip;q=1;q=0.2', 'gzip'],
    ['deflate;q=0.5,gzip;q=0.', 'deflate'],
    ['deflate;q=0.5,gzip;q=0.x', 'gzip'],
    ['deflate;q=-0.5,gzip;q=0.2', 'gzip'],
    ['gzip;q=0, gzip;q=1, gzip;q=0', 'gzip'],
  ];
  for (const [accept, coding] of CODINGS) {
    it(`to «${accept ?? 'no header'}» is ${coding === undefined ? 'not packed' : `in ${coding}`}`, async () => {
      assert.equal((await get('long', accept)).coding, coding);
    });
  }
});
