import type { KeyAttribute, VectorIndex } from '../catalog/table.js';
import { emptyKind } from '../data/keys.js';
import { ownAttribute } from '../data/own-attribute.js';
import { StoredItem } from '../data/stored-item.js';
import type { TableLayout } from '../data/table-layout.js';
import { type DynamoError, validationError } from '../errors.js';
import { type AttributeMap, type AttributeValue, typeOf, valueSizeBytes, valuesEqual } from '../value/index.js';
import { IndexedItem } from './indexed-item.js';
import type { VectorFault } from './read-vector.js';

// What a table with vector indexes takes. The rules are AWS's
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearchWorkingWith.html, "Writing items with
// vector data"), their words, stops included, as public projects recorded them.

const INVALID = 'One or more parameter values were invalid. ';
const NOT_VALID = 'One or more parameter values are not valid. ';
const MAX_HASH_BYTES = 2048;
/** A longer filter is refused. */
export const MAX_FILTER_BYTES = 10 * 1024;

/** Checks an item that is put: what it has of vectors, partition keys and filters must fit; what it lacks may be. */
export function checkVectors(layout: TableLayout, item: StoredItem): void {
  if (layout.vectors !== undefined) new VectorCheck(layout.vectors, item, undefined).run();
}

/** The same of an updated item, where only what the update has changed is looked at (measured on AWS). */
export function checkUpdatedVectors(
  layout: TableLayout,
  written: ReadonlySet<string> | undefined,
  before: StoredItem | AttributeMap,
  after: StoredItem,
): void {
  const { vectors } = layout;
  if (vectors === undefined || written === undefined) return;
  if (!vectors.names.names.some((name) => written.has(name))) return;
  const former = before instanceof StoredItem ? before.attributes(vectors.names) : before;
  new VectorCheck(vectors, after, former).run();
}

class VectorCheck {
  readonly #item: IndexedItem;

  constructor(
    private readonly table: NonNullable<TableLayout['vectors']>,
    item: StoredItem,
    /** Of an update: the attributes as they were. */
    private readonly former: AttributeMap | undefined,
  ) {
    this.#item = IndexedItem.of(table, item);
  }

  run(): void {
    for (const { index, searched } of this.table.layouts) {
      if (this.#changed(index.vectorAttribute) !== undefined) this.#vector(index);
      for (const attribute of searched) {
        const value = this.#changed(attribute.name);
        if (value !== undefined) this.#searched(index, attribute, value);
      }
    }
  }

  #changed(name: string): AttributeValue | undefined {
    const value = ownAttribute(this.#item.attributes, name);
    const before = this.former && ownAttribute(this.former, name);
    return value !== undefined && before !== undefined && valuesEqual(before, value) ? undefined : value;
  }

  #vector({ name, vectorAttribute, dimensions }: VectorIndex): void {
    const vector = this.#item.vector(vectorAttribute, dimensions);
    if (vector === undefined || vector instanceof Float32Array) return;
    throw vectorError(vector, { name, vectorAttribute, dimensions });
  }

  #searched(index: VectorIndex, { name, type }: KeyAttribute, value: AttributeValue): void {
    if (!(type in value)) {
      const types = `Expected: ${type}, Actual: ${typeOf(value)}`;
      throw validationError(`${INVALID}Attribute '${name}' type mismatch. ${types}. IndexName: ${index.name}`);
    }
    if (name !== index.hash?.name) {
      if (valueSizeBytes(value) <= MAX_FILTER_BYTES) return;
      const limit = `Size limit exceeded for SearchSchema attribute '${name}': maximum ${MAX_FILTER_BYTES} bytes`;
      throw validationError(`One or more parameter values were invalid: ${limit}`);
    }
    const empty = emptyKind(value);
    if (empty !== undefined) throw this.#emptyHash(index, name, empty);
    if (valueSizeBytes(value) <= MAX_HASH_BYTES) return;
    const limit = `Aggregate size for HASH key attributes exceeds the maximum of ${MAX_HASH_BYTES} bytes`;
    throw validationError(`One or more parameter values were invalid: ${limit}`);
  }

  #emptyHash(index: VectorIndex, name: string, empty: string): DynamoError {
    const cannot = `The AttributeValue for a key attribute cannot contain an empty ${empty} value.`;
    return validationError(
      this.former === undefined
        ? `${NOT_VALID}A value specified for a secondary index key is not supported. ${cannot} ` +
            `IndexName: ${index.name}, IndexKey: ${name}`
        : `${NOT_VALID}The update expression attempted to update a secondary index key to a value that is not ` +
            `supported. ${cannot}`,
    );
  }
}

function vectorError(
  fault: VectorFault,
  { name, vectorAttribute, dimensions }: Pick<VectorIndex, 'name' | 'vectorAttribute' | 'dimensions'>,
): DynamoError {
  switch (fault.kind) {
    case 'shape':
      return validationError(
        `${INVALID}Invalid type for parameter ${vectorAttribute}, ` +
          `Expected: 32-bit floating point number list IndexName: ${name}`,
      );
    case 'size':
      return validationError(
        `${INVALID}Invalid size for parameter ${vectorAttribute}, ` +
          `Expected: ${dimensions}, Actual: ${fault.actual} IndexName: ${name}`,
      );
    case 'type':
      return validationError(
        `${INVALID}Invalid type for parameter ${vectorAttribute}[${fault.at}], ` +
          `Expected: 32-bit floating point number, Actual: ${fault.actual}. IndexName: ${name}`,
      );
    case 'range':
      return validationError(
        `${INVALID}Invalid value for parameter ${vectorAttribute}[${fault.at}], ` +
          `Value: ${exponential(fault.number)} is outside valid range [-3.4028235E38, 3.4028235E38]. IndexName: ${name}`,
      );
  }
}

/** `3.5E+38` */
function exponential(number: string): string {
  return String(Number(number)).replace('e', 'E');
}
