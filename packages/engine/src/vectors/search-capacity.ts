import type { FoundItem } from './index-view.js';

const MIN_REQUEST_BYTES = 1024;
const BYTES_PER_DIMENSION = 30.6875;
const BYTES_PER_RESULT = 65;
const FLOAT_BYTES = 4;

/**
 * The VectorSearchRequestBytes of a search. AWS counts what its approximate index looks at, which is hardly ever the same
 * twice. These are the terms that a public project measured there: one for each dimension of the index, however many
 * entries it has, one for each result and what the index holds of its item, and four bytes a dimension for each vector
 * that is returned; 1 KB at least.
 */
export function searchBytes(dimensions: number, items: readonly FoundItem[]): number {
  let bytes = BYTES_PER_DIMENSION * dimensions;
  for (const { indexedBytes, hasVector } of items) {
    bytes += BYTES_PER_RESULT + indexedBytes + (hasVector ? FLOAT_BYTES * dimensions : 0);
  }
  return Math.max(MIN_REQUEST_BYTES, bytes);
}

/**
 * The `ConsumedCapacity` of a search, the same for TOTAL and INDEXES. AWS tells the bytes twice: `VectorSearchUnits`, which
 * its API model does not have, was the same in every answer that two public projects recorded.
 */
export function searchCapacity(bytes: number): Record<string, number> {
  return { VectorSearchRequestBytes: bytes, VectorSearchUnits: bytes };
}
