// One suite for every place where a state can live.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { systemRandom } from '@tablewright/base';
import { type LocalEndpoint, startLocalEndpoint } from '@tablewright/cloud';
import { emptyState, environmentStateKey, openState, resolveAws, type StateBackend } from '@tablewright/stack';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
let folder: string;
let endpoint: LocalEndpoint;
let places = 0;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tablewright-backends-'));
  endpoint = await startLocalEndpoint({ port: 0, dataDir: path.join(folder, 'data') });
  const s3 = new S3Client({ endpoint: endpoint.url, region: 'us-east-1', credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'states' }));
  s3.destroy();
});
after(async () => {
  await endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

const connection = () => resolveAws({ env: {}, endpoint: endpoint.url, region: 'us-east-1', credentials });
const backends: Readonly<Record<string, (place: string) => StateBackend>> = {
  'a file': (place) => openState({ cwd: folder, path: `${place}.tfstate` }),
  'an object in S3': (place) =>
    openState({ cwd: folder, aws: connection(), s3: { bucket: 'states', key: environmentStateKey(place) } }),
};

for (const [kind, open] of Object.entries(backends)) {
  describe(`a state in ${kind}`, () => {
    const fresh = (): string => `place-${places++}`;
    const state = { ...emptyState(systemRandom), serial: 1 };

    test('is null before the first write, and then what was written last', async () => {
      const place = fresh();
      assert.equal(await open(place).read(), null);
      await open(place).write(state);
      await open(place).write({ ...state, serial: 2 });
      assert.deepEqual(await open(place).read(), { ...state, serial: 2 });
    });

    test('has one lock: the second taker is told who has it and how to remove it', async () => {
      const place = fresh();
      const lock = await open(place).lock('apply');
      await assert.rejects(open(place).lock('plan'), (error: Error) => {
        assert.equal(error.name, 'UserError');
        assert.match(error.message, new RegExp(`is locked by another operation\\n  ID:        ${lock.info.ID}`));
        return true;
      });
      await lock.release();
      await lock.release();
      await (await open(place).lock('plan')).release();
    });

    test('of many takers at once, one gets the lock', async () => {
      const place = fresh();
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => open(place).lock('apply')));
      assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
    });

    test('is unlocked by force only with the ID of its lock', async () => {
      const place = fresh();
      const lock = await open(place).lock('apply');
      await assert.rejects(open(place).forceUnlock('other'), /other is not the lock of/);
      await open(place).forceUnlock(lock.info.ID);
      await lock.release();
      await (await open(place).lock('apply')).release();
    });
  });
}

test('a bucket that does not exist is named', async () => {
  const backend = openState({ cwd: folder, aws: connection(), s3: { bucket: 'no-such-bucket', key: 'x' } });
  await assert.rejects(backend.read(), /the state bucket no-such-bucket does not exist/);
});
