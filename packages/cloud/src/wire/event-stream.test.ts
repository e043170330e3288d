import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client, SelectObjectContentCommand } from '@aws-sdk/client-s3';
import { loadServiceModel } from './index.js';
import { definitions } from './testing/service-definitions.js';
import { startWireTestServer } from './testing/wire-test-server.js';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

async function* each<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

async function collect<T>(stream: AsyncIterable<T> | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const item of stream ?? []) found.push(item);
  return found;
}

describe('streams of events', () => {
  it('reach the Lambda client as chunks and their end', async (context) => {
    const events = [{ PayloadChunk: { Payload: Buffer.from('ab') } }, { InvokeComplete: { LogResult: 'bG9n' } }];
    const server = await startWireTestServer(await loadServiceModel(definitions.lambda), () => ({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      EventStream: each(...events),
    }));
    context.after(() => server.close());
    const client = new LambdaClient({ endpoint: server.url, region: 'us-east-1', credentials });
    const output = await client.send(new InvokeWithResponseStreamCommand({ FunctionName: 'f' }));
    const [chunk, end] = await collect(output.EventStream);
    assert.equal(Buffer.from(chunk?.PayloadChunk?.Payload ?? []).toString(), 'ab');
    assert.equal(end?.InvokeComplete?.LogResult, 'bG9n');
    assert.equal(output.ExecutedVersion, '$LATEST');
  });

  it('reach the S3 client as records, statistics and their end', async (context) => {
    const Details = { BytesScanned: 10, BytesReturned: 2 };
    const server = await startWireTestServer(await loadServiceModel(definitions.s3), () => ({
      Payload: each<object>({ Records: { Payload: Buffer.from('a,b') } }, { Stats: { Details } }, { End: {} }),
    }));
    context.after(() => server.close());
    const client = new S3Client({ endpoint: server.url, region: 'us-east-1', credentials, forcePathStyle: true });
    const output = await client.send(
      new SelectObjectContentCommand({
        Bucket: 'my-bucket',
        Key: 'k',
        ExpressionType: 'SQL',
        Expression: 'select * from s3object',
        InputSerialization: { CSV: {} },
        OutputSerialization: { CSV: {} },
      }),
    );
    const [records, statistics, end] = await collect(output.Payload);
    assert.equal(Buffer.from(records?.Records?.Payload ?? []).toString(), 'a,b');
    assert.deepEqual(statistics?.Stats?.Details, Details);
    assert.ok(end?.End);
  });
});
