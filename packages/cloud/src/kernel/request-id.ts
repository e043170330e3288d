import type { Random } from '@tablewright/base';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const CHANCE_LENGTH = 24;
/** Ends of ids: two counted characters, then the half that is the same in every id that DynamoDB hands out. */
const ENDS = Array.from(
  { length: ALPHABET.length ** 2 },
  (_, n) => `${ALPHABET[n >> 5]}${ALPHABET[n & 31]}VV4KQNSO5AEMVJF66Q9ASUAAJG`,
);

/**
 * Request ids of the two shapes AWS uses: 52 characters for DynamoDB, and UUIDs for the rest. Since every request of
 * DynamoDB takes one, only every thousandth draws on chance; those between are counted.
 */
export class RequestIds {
  #chance = '';
  #count = ENDS.length;

  constructor(private readonly random: Random) {}

  /** 52 characters of A-Z and 0-9. */
  dynamodb(): string {
    if (this.#count === ENDS.length) {
      const bytes = this.random.bytes(CHANCE_LENGTH);
      this.#chance = Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
      this.#count = 0;
    }
    return this.#chance + ENDS[this.#count++];
  }

  uuid(): string {
    return this.random.uuid();
  }
}
