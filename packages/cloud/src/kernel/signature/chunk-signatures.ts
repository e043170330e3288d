import { createHash, createHmac, type Hash } from 'node:crypto';
import type { IssuedKey } from '../identity-port.js';
import { type SignedRequest, sha256Hex } from './canonical-request.js';
import { givenSignature, isSame, signingKey } from './verify-request.js';

const SIGNED_BODY = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const NOTHING = sha256Hex('');

/**
 * The signatures of a body that is signed chunk by chunk, each over the one before, the first over that of the request.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and …/sigv4-streaming-trailers.html
 */
export class ChunkSignatures {
  readonly #key: Buffer;
  #hash: Hash = createHash('sha256');

  private constructor(
    secret: string,
    private readonly date: string,
    private readonly scope: string,
    private previous: string,
    /** Whether a signature of the headers behind the body ends it. */
    readonly signsTrailers: boolean,
  ) {
    this.#key = signingKey(secret, scope);
  }

  /** Undefined for a request whose chunks are not signed. Whether its own signature is sound is not asked here. */
  static of(request: SignedRequest, key: IssuedKey): ChunkSignatures | undefined {
    const told = request.headers['x-amz-content-sha256'];
    const given = told?.startsWith(SIGNED_BODY) === true ? givenSignature(request) : undefined;
    if (given === undefined) return undefined;
    return new ChunkSignatures(key.secret, given.date, given.scope, given.signature, told === `${SIGNED_BODY}-TRAILER`);
  }

  /** Bytes of the chunk that is arriving. */
  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Whether the chunk that has arrived (an empty one closes the body) has this signature. */
  endChunk(signature: string): boolean {
    const hash = this.#hash.digest('hex');
    this.#hash = createHash('sha256');
    return this.#follows(signature, 'AWS4-HMAC-SHA256-PAYLOAD', [NOTHING, hash]);
  }

  /** The same for the headers behind the body, in their order. */
  endTrailers(trailers: ReadonlyMap<string, string>, signature: string): boolean {
    const text = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('');
    return this.#follows(signature, 'AWS4-HMAC-SHA256-TRAILER', [sha256Hex(text)]);
  }

  #follows(signature: string, algorithm: string, hashes: readonly string[]): boolean {
    const text = [algorithm, this.date, this.scope, this.previous, ...hashes].join('\n');
    this.previous = createHmac('sha256', this.#key).update(text).digest('hex');
    return isSame(this.previous, signature);
  }
}
