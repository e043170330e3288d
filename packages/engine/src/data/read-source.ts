import type { KeyAttribute, KeySchema } from '../catalog/table.js';
import { type DynamoError, validationError } from '../errors.js';
import type { AttributeMap } from '../value/index.js';
import { entryKey, entryPrefix, itemKey, itemPrefix } from './key-codec.js';
import type { PageRequest } from './request.js';
import type { IndexLayout, TableLayout } from './table-layout.js';

/** Where a Query or Scan reads: the table itself, or one of its indexes. */
export interface ReadSource {
  readonly layout: TableLayout;
  readonly index: IndexLayout | undefined;
  readonly keys: KeySchema;
  /** The attributes of ExclusiveStartKey and LastEvaluatedKey. */
  readonly startKeyAttributes: readonly KeyAttribute[];
  /** Begins the store keys of everything in the source. */
  readonly prefix: string;
  /** The store key of what has these key attributes. */
  storeKey(values: AttributeMap): string;
}

/** Throws ValidationException when there is no such index, or it cannot be read in the way asked for. */
export function readSource(layout: TableLayout, input: PageRequest, operation: 'Query' | 'Scan' = 'Scan'): ReadSource {
  const { table } = layout;
  if (input.IndexName === undefined) {
    return {
      layout,
      index: undefined,
      keys: table.keys,
      startKeyAttributes: layout.keyAttributes,
      prefix: itemPrefix(table),
      storeKey: (values) => itemKey(table, values),
    };
  }
  const index = readableIndex(layout, input.IndexName, operation, input.ConsistentRead === true);
  if (index.index.kind === 'GSI' && input.ConsistentRead === true) throw inconsistentIndex();
  return {
    layout,
    index,
    keys: index.index.keys,
    startKeyAttributes: index.startKeyAttributes,
    prefix: entryPrefix(index.index),
    storeKey: (values) => entryKey(table, index.index, values),
  };
}

function readableIndex(
  layout: TableLayout,
  name: string,
  operation: 'Query' | 'Scan',
  isConsistent: boolean,
): IndexLayout {
  assertNoVectors(layout, name, operation, isConsistent);
  const index = layout.index(name);
  if (index === undefined) throw validationError(`The table does not have the specified index: ${name}`);
  if (index.index.status === 'CREATING') {
    throw validationError(`Cannot read from backfilling global secondary index: ${name}`);
  }
  return index;
}

/** An index of vectors can be searched, but not read (the words, stop and order as recorded on AWS by public projects). */
export function assertNoVectors(
  { vectors }: TableLayout,
  name: string,
  operation: 'Query' | 'Scan',
  isConsistent = false,
): void {
  if (vectors?.layouts.some(({ index }) => index.name === name) !== true) return;
  if (operation === 'Scan') throw validationError('Scan operation not supported on this index type');
  if (isConsistent) throw inconsistentIndex();
  throw validationError('Query operation not supported on this index type.');
}

function inconsistentIndex(): DynamoError {
  return validationError('Consistent reads are not supported on global secondary indexes');
}
