import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MalformedObject, messageOf } from './malformed-object.js';

export type Compression = 'GZIP' | 'ZSTD' | 'NONE';

/** The bytes of an object as they were before compression. Throws {@link MalformedObject} when they are something else. */
export function decompressed(chunks: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'NONE':
      return chunks;
    case 'GZIP':
      return gunzipped(chunks);
    case 'ZSTD':
      return unzstd(chunks);
  }
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks);
  const gunzip = createGunzip();
  let failure: unknown;
  source.on('error', (error) => {
    failure = error;
    gunzip.destroy(error);
  });
  source.pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw new MalformedObject(`The object is not in the compression format GZIP: ${messageOf(error)}`);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** Frames of Zstandard, one after another. Node's own decompression of it came after the Node that this runs on. */
async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let ready: Uint8Array[] = [];
  const stream = new Decompress((chunk) => void ready.push(chunk));
  const push = (chunk: Uint8Array, isLast: boolean): Uint8Array[] => {
    ready = [];
    try {
      stream.push(chunk, isLast);
    } catch (error) {
      throw new MalformedObject(`The object is not in the compression format ZSTD: ${messageOf(error)}`);
    }
    return ready;
  };
  let isEmpty = true;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    isEmpty = false;
    yield* push(chunk, false);
  }
  if (!isEmpty) yield* push(new Uint8Array(0), true);
}
