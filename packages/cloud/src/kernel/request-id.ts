import type { Random } from '@tablewright/base';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const POOL_BYTES = 26 * 256;

/**
 * Request ids of the two shapes AWS uses: 52 characters for DynamoDB, whose second half is the same in every id
 * that DynamoDB hands out, and UUIDs for the rest. Chance is drawn in blocks, since every request takes an id.
 */
export class RequestIds {
  #pool: Uint8Array = new Uint8Array(0);
  #used = 0;

  constructor(private readonly random: Random) {}

  /** 52 characters of A-Z and 0-9. */
  dynamodb(): string {
    if (this.#used + 26 > this.#pool.length) {
      this.#pool = this.random.bytes(POOL_BYTES);
      this.#used = 0;
    }
    let id = '';
    for (let index = this.#used; index < this.#used + 26; index++) {
      id += ALPHABET[(this.#pool[index] ?? 0) & 31];
    }
    this.#used += 26;
    return `${id}VV4KQNSO5AEMVJF66Q9ASUAAJG`;
  }

  uuid(): string {
    return this.random.uuid();
  }
}
