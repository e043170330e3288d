import { Transform, type TransformCallback } from 'node:stream';
import type { ChunkSignatures } from '../kernel/signature/chunk-signatures.js';
import { ServiceError } from '../wire/index.js';

/**
 * `aws-chunked`, the encoding in which SDKs stream bodies with signatures or trailing checksums: chunks of
 * `size;chunk-signature=…\r\n data \r\n`, a chunk of size 0, then trailers as header lines. Signatures are verified where
 * the key was issued here. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */

type Stage = 'size' | 'data' | 'data-end' | 'trailers' | 'done';

const TRAILER_SIGNATURE = 'x-amz-trailer-signature';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
const LINE_LIMIT_BYTES = 16 * 1024;

export function isAwsChunked(headers: { readonly [name: string]: string | string[] | undefined }): boolean {
  return String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
}

/** Decodes an `aws-chunked` body; `trailers` is complete once the stream has ended. */
export class AwsChunkedDecoder extends Transform {
  /** Names in lower case. */
  readonly trailers = new Map<string, string>();
  #stage: Stage = 'size';
  #line = '';
  #remaining = 0;
  #signature = '';

  /** @param signatures Absent when chunks are not signed, or with a key that is not known. */
  constructor(private readonly signatures?: ChunkSignatures | undefined) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#consume(chunk);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(done: TransformCallback): void {
    const complete = this.#stage === 'done' || this.#stage === 'trailers';
    if (!complete) done(new Error('the aws-chunked body ends early'));
    else done(this.#areTrailersSound() ? null : mismatch());
  }

  #consume(chunk: Buffer): void {
    let position = 0;
    while (position < chunk.length && this.#stage !== 'done') {
      if (this.#stage === 'data') {
        const end = Math.min(chunk.length, position + this.#remaining);
        const piece = chunk.subarray(position, end);
        this.signatures?.update(piece);
        this.push(piece);
        this.#remaining -= end - position;
        position = end;
        if (this.#remaining === 0) this.#stage = 'data-end';
        continue;
      }
      const lineEnd = chunk.indexOf(0x0a, position);
      this.#line += chunk.toString('latin1', position, lineEnd < 0 ? chunk.length : lineEnd);
      if (this.#line.length > LINE_LIMIT_BYTES) throw new Error('a line of the aws-chunked body is too long');
      if (lineEnd < 0) return;
      position = lineEnd + 1;
      const line = this.#line.replace(/\r$/, '');
      this.#line = '';
      this.#takeLine(line);
    }
  }

  #takeLine(line: string): void {
    if (this.#stage === 'data-end') {
      this.#endChunk();
      this.#stage = 'size';
    } else if (this.#stage === 'size') {
      const [, size, signature = ''] =
        /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?(?:;|$)/.exec(line) ?? [];
      if (size === undefined) throw new Error('a chunk of the aws-chunked body has no size');
      this.#remaining = Number.parseInt(size, 16);
      this.#signature = signature;
      if (this.#remaining === 0) this.#endChunk();
      this.#stage = this.#remaining === 0 ? 'trailers' : 'data';
    } else if (line === '') {
      this.#stage = 'done';
    } else {
      const colon = line.indexOf(':');
      const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      if (name === TRAILER_SIGNATURE) this.#signature = value;
      else this.trailers.set(name, value);
    }
  }

  #endChunk(): void {
    if (this.signatures?.endChunk(this.#signature) === false) throw mismatch();
  }

  #areTrailersSound(): boolean {
    return this.signatures?.signsTrailers !== true || this.signatures.endTrailers(this.trailers, this.#signature);
  }
}

function mismatch(): ServiceError {
  return new ServiceError('SignatureDoesNotMatch', MISMATCH, { httpStatus: 403 });
}
