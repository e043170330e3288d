import { Transform, type TransformCallback } from 'node:stream';

/**
 * `aws-chunked`, the encoding in which SDKs stream bodies with signatures or trailing checksums: chunks of
 * `size;chunk-signature=…\r\n data \r\n`, a chunk of size 0, then trailers as header lines. Signatures are not
 * verified. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */

type Stage = 'size' | 'data' | 'data-end' | 'trailers' | 'done';

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
    done(complete ? null : new Error('the aws-chunked body ends early'));
  }

  #consume(chunk: Buffer): void {
    let position = 0;
    while (position < chunk.length && this.#stage !== 'done') {
      if (this.#stage === 'data') {
        const end = Math.min(chunk.length, position + this.#remaining);
        this.push(chunk.subarray(position, end));
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
      this.#stage = 'size';
    } else if (this.#stage === 'size') {
      const size = /^([0-9a-fA-F]{1,8})(;|$)/.exec(line)?.[1];
      if (size === undefined) throw new Error('a chunk of the aws-chunked body has no size');
      this.#remaining = Number.parseInt(size, 16);
      this.#stage = this.#remaining === 0 ? 'trailers' : 'data';
    } else if (line === '') {
      this.#stage = 'done';
    } else {
      const colon = line.indexOf(':');
      this.trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
  }
}
