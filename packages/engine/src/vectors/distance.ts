import type { DistanceFunction } from '../catalog/table.js';
import { dotProduct } from './dot-product.js';
import { entrySquares, VECTOR_AT } from './vector-entry.js';

const MAX_FLOAT = Math.fround(3.4028234663852886e38);

/**
 * The scores of entries against one vector, as AWS states them: COSINE from 0 (the same direction) to 2 (the opposite),
 * EUCLIDEAN the distance, DOT_PRODUCT the product. Vectors are of 32 bits, sums of 64; a score is of 32 bits again, and
 * one that is too large for these is the largest of them (measured on AWS by a public project).
 */
export class Scorer {
  readonly #squares: number;
  /** The entry's vector, where it is aligned: it lies anywhere in the store's bytes. */
  readonly #vector: Float32Array;
  readonly #bytes: Buffer;

  constructor(
    private readonly distance: DistanceFunction,
    private readonly wanted: Float32Array,
  ) {
    this.#squares = dotProduct(wanted, wanted);
    this.#vector = new Float32Array(wanted.length);
    this.#bytes = Buffer.from(this.#vector.buffer);
  }

  /** Whether lower scores are better. */
  get isAscending(): boolean {
    return this.distance !== 'DOT_PRODUCT';
  }

  /** The score of the entry whose value lies in `bytes` from `begin` on. */
  score(bytes: Buffer, begin: number): number {
    const start = begin + VECTOR_AT;
    bytes.copy(this.#bytes, 0, start, start + this.#bytes.length);
    return Math.fround(Math.min(MAX_FLOAT, Math.max(-MAX_FLOAT, this.#exact(bytes, begin))));
  }

  #exact(bytes: Buffer, begin: number): number {
    switch (this.distance) {
      case 'COSINE':
        return cosine(dotProduct(this.wanted, this.#vector), this.#squares, entrySquares(bytes, begin));
      case 'EUCLIDEAN':
        return Math.sqrt(squaredDistance(this.wanted, this.#vector));
      case 'DOT_PRODUCT':
        return dotProduct(this.wanted, this.#vector);
    }
  }
}

/** A vector of zeros has no direction: it counts as at right angles to all others (measured on AWS). */
function cosine(product: number, ofOne: number, ofOther: number): number {
  if (ofOne === 0 || ofOther === 0) return 1;
  // The root of the product is exact for equal vectors, so that these score 0.
  return Math.min(2, Math.max(0, 1 - product / Math.sqrt(ofOne * ofOther)));
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  const end = a.length - 3;
  let at = 0;
  for (; at < end; at += 4) {
    one += squared(a[at] as number, b[at] as number);
    two += squared(a[at + 1] as number, b[at + 1] as number);
    three += squared(a[at + 2] as number, b[at + 2] as number);
    four += squared(a[at + 3] as number, b[at + 3] as number);
  }
  for (; at < a.length; at++) one += squared(a[at] as number, b[at] as number);
  return one + two + three + four;
}

function squared(one: number, other: number): number {
  return (one - other) * (one - other);
}
