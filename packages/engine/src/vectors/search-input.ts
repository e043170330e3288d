import { validationError } from '../errors.js';
import { MAX_DIMENSIONS } from './vector-index-rules.js';

// The request of SearchVectors as far as it can be looked at without its table. The words of the errors were recorded on
// AWS by public projects; other operations have others for the same faults.

const MAX_TOP_K = 100;

/** The search vector, its numbers taken to 32 bits. */
export function searchVector(elements: readonly unknown[]): Float32Array {
  const vector = new Float32Array(Math.min(elements.length, MAX_DIMENSIONS));
  for (const [at, element] of elements.entries()) {
    const number = Math.fround(numberIn(element));
    if (!Number.isFinite(number)) {
      throw validationError(
        'Search vector contains invalid values. All values in the search vector must be a 32-bit floating-point ' +
          'number attribute',
      );
    }
    vector[at] = number;
  }
  return vector;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberIn(element: unknown): number {
  if (typeof element !== 'object' || element === null || Object.keys(element).length !== 1) return Number.NaN;
  const text = 'N' in element ? element.N : undefined;
  return typeof text === 'string' && NUMBER.test(text) ? Number(text) : Number.NaN;
}

export function checkTopK(count: number): void {
  if (count <= MAX_TOP_K) return;
  throw validationError(
    `Provided TopK value '${count}' is out of valid range. The value must be between 1 and ${MAX_TOP_K} inclusive`,
  );
}
