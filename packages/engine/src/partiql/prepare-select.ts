import type { Caller } from '../catalog/table.js';
import {
  assertNoVectors,
  checkScalarKeys,
  type ReadSource,
  readSource,
  type TableLayout,
  tableLayout,
} from '../data/index.js';
import type { EngineContext } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { nestedAttributesOf, topLevelAttribute } from '../expression/index.js';
import type { SelectNode } from './ast.js';
import { pathsOf } from './bound-condition.js';
import type { Literals } from './literal.js';
import { sourceOf } from './source.js';
import { type BoundSelect, type Column, translateSelect } from './translate-select.js';

/** A SELECT with what it reads. */
export interface PreparedSelect extends BoundSelect {
  readonly source: ReadSource;
  readonly tableName: string;
  /** Whether columns must be fetched from the table, as a local index does not project them. */
  readonly isFetching: boolean;
}

/** A SELECT whose table is still to be looked up. */
export interface TranslatedSelect extends BoundSelect {
  readonly tableName: string;
  readonly indexName: string | undefined;
}

/** Reads the statement as far as that goes without its table. Throws ValidationException with AWS's words. */
export function translate(
  context: EngineContext,
  caller: Caller,
  node: SelectNode,
  literals: Literals,
): TranslatedSelect {
  const { tableName, indexName } = sourceOf(node.from);
  refuseMultipleAttributes(knownLayout(context, caller, tableName), indexName);
  return { tableName, indexName, ...translateSelect(node, literals) };
}

/** Finds what the statement reads, and checks that it can be read so. */
export function prepareSelect(layout: TableLayout, select: TranslatedSelect, isConsistent: boolean): PreparedSelect {
  const { tableName, indexName: IndexName, columns } = select;
  if (IndexName !== undefined) checkIndex(layout, IndexName, isConsistent);
  const source = readSource(layout, {
    TableName: tableName,
    ConsistentRead: isConsistent,
    ...(IndexName !== undefined && { IndexName }),
  });
  const isFetching = needsFetch(source, columns);
  const paths = [...(columns ?? []).map(({ path }) => path), ...(select.where ? pathsOf(select.where) : [])];
  checkScalarKeys(layout, nestedAttributesOf(paths));
  return { ...select, source, isFetching };
}

function checkIndex(layout: TableLayout, name: string, isConsistent: boolean): void {
  assertNoVectors(layout, name, 'Scan');
  const index = layout.index(name);
  if (index === undefined) throw validationError('The table does not have the specified index');
  if (isConsistent && index.index.kind === 'GSI') {
    throw validationError('Strongly consistent read is not supported on Global Secondary Indexes');
  }
}

/** A local index gets from the table what it does not project, a global one cannot (docs: SecondaryIndexes). */
function needsFetch({ index }: ReadSource, columns: readonly Column[] | undefined): boolean {
  const projected = index?.projected;
  if (index === undefined || projected === undefined || columns === undefined) return false;
  const names = new Set(columns.map(({ path }) => topLevelAttribute(path)));
  const missing = [...names].filter((name) => !projected.has(name));
  if (missing.length > 0 && index.index.kind === 'GSI') {
    throw validationError(
      'One or more parameter values were invalid: ' +
        `Global secondary index ${index.index.name} does not project [${missing.join(', ')}]`,
    );
  }
  return missing.length > 0;
}

/** AWS looks at the keys of tables that are there before it reads the rest of a statement. */
function refuseMultipleAttributes(layout: TableLayout | undefined, indexName: string | undefined): void {
  const keys = indexName === undefined ? layout?.table.keys : layout?.index(indexName)?.index.keys;
  if (keys === undefined || (keys.hash.length <= 1 && keys.range.length <= 1)) return;
  throw validationError(
    'PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys.',
  );
}

function knownLayout(context: EngineContext, caller: Caller, tableName: string): TableLayout | undefined {
  try {
    return tableLayout(context.tables.table(caller, tableName));
  } catch (error) {
    if (error instanceof DynamoError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
