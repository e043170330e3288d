import type { KeyAttribute, VectorIndex } from '../catalog/table.js';
import { AttributeNames } from '../data/pick-json.js';

/** What the data plane derives from a vector index once, for all requests. */
export interface VectorLayout {
  readonly index: VectorIndex;
  /** The attributes of its search schema: the partition key, then the filters. */
  readonly searched: readonly KeyAttribute[];
  /** The name of its partition key alone; undefined where it has none. */
  readonly hashName: AttributeNames | undefined;
  /** Names of what is returned of an item, besides its vector; undefined when all of it is. */
  readonly projected: AttributeNames | undefined;
}

/** The vector indexes of a table that are kept up to date. */
export interface TableVectors {
  /** By name: the order in which they are checked. */
  readonly layouts: readonly VectorLayout[];
  /** All attributes that any of them looks at. */
  readonly names: AttributeNames;
}

/** Undefined when there is none: that is all that most tables ask. */
export function tableVectors(
  key: readonly KeyAttribute[],
  indexes: readonly VectorIndex[] = [],
): TableVectors | undefined {
  // What is left of an index being deleted is removed as a whole.
  const kept = indexes.filter(({ status }) => status !== 'DELETING');
  if (kept.length === 0) return undefined;
  const layouts = kept
    .map((index) => vectorLayout(key, index))
    .sort((one, other) => (one.index.name < other.index.name ? -1 : 1));
  const names = layouts.flatMap(({ index, searched }) => [index.vectorAttribute, ...searched.map(({ name }) => name)]);
  return { layouts, names: new AttributeNames([...new Set(names)]) };
}

function vectorLayout(key: readonly KeyAttribute[], index: VectorIndex): VectorLayout {
  const searched = [...(index.hash === undefined ? [] : [index.hash]), ...index.filters];
  const { projection, vectorAttribute } = index;
  const hashName = index.hash && new AttributeNames([index.hash.name]);
  if (projection.type === 'ALL') return { index, searched, hashName, projected: undefined };
  const included = projection.type === 'INCLUDE' ? projection.attributes : [];
  const names = new Set([...[...key, ...searched].map(({ name }) => name), ...included]);
  names.delete(vectorAttribute);
  return { index, searched, hashName, projected: new AttributeNames([...names]) };
}
