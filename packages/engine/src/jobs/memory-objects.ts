import type { ObjectStore } from '../object-store.js';
import { ObjectStoreError } from '../object-store.js';

/** An object store for tests: one bucket, `files`, of the account 000000000000. */
export class MemoryObjects implements ObjectStore {
  readonly objects = new Map<string, Buffer>();
  /** Called before every object that is written or read; throws to break it. */
  onAccess: (key: string) => Promise<void> = async () => {};

  async put(...[, object, chunks]: Parameters<ObjectStore['put']>): Promise<{ etag: string }> {
    this.#check(object);
    await this.onAccess(object.key);
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    this.objects.set(object.key, Buffer.concat(parts));
    return { etag: 'an-etag' };
  }

  async get(...[, object]: Parameters<ObjectStore['get']>): Promise<AsyncIterable<Uint8Array>> {
    this.#check(object);
    await this.onAccess(object.key);
    const bytes = this.objects.get(object.key);
    if (bytes === undefined) throw new ObjectStoreError('NoSuchKey', 404, 'The specified key does not exist.');
    return inPieces(bytes);
  }

  async list(...[, bucket, { prefix, after = '', limit }]: Parameters<ObjectStore['list']>) {
    this.#check(bucket);
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    return keys.slice(0, limit).map((key) => ({ key, sizeBytes: this.objects.get(key)?.length ?? 0 }));
  }

  /** The one object whose key ends like this. */
  ending(suffix: string): Buffer {
    const found = [...this.objects].filter(([key]) => key.endsWith(suffix));
    if (found.length !== 1) throw new Error(`${found.length} objects end with ${suffix}`);
    return found[0]?.[1] ?? Buffer.alloc(0);
  }

  #check({ bucket, owner = '000000000000' }: { bucket: string; owner?: string }): void {
    if (bucket !== 'files') throw new ObjectStoreError('NoSuchBucket', 404, 'The specified bucket does not exist');
    if (owner !== '000000000000') throw new ObjectStoreError('AccessDenied', 403, 'Access Denied');
  }
}

/** Small pieces, so that nothing relies on where one ends. */
async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}
