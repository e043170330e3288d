import type { EngineContext, Handler } from '../engine-context.js';
import { searchVectors } from './search-vectors.js';

/** The operations on vector indexes. */
export function vectorOperations(context: EngineContext): Readonly<Record<'SearchVectors', Handler>> {
  return { SearchVectors: searchVectors(context) };
}
