import { validationError } from '../errors.js';
import type { Condition, Projection, Substitutions } from '../expression/index.js';
import { compileProjection } from '../expression/index.js';
import type { ReadSource } from './read-source.js';
import type { PageRequest, Select } from './request.js';

const INVALID = 'One or more parameter values were invalid: ';

/** Checks `Select` against the other members of a request; needs no table. */
export function checkSelect(input: PageRequest, operation: 'Query' | 'Scan'): Select {
  const select = input.Select ?? defaultSelect(input);
  // Only Query has moved to AWS's newer validation framework here.
  const envelope = operation === 'Query' ? '1 validation error detected: ' : '';
  if (input.ProjectionExpression !== undefined && select !== 'SPECIFIC_ATTRIBUTES') {
    const member = input.AttributesToGet === undefined ? 'ProjectionExpression' : 'AttributesToGet';
    const chosen = select === 'COUNT' ? 'only the Count' : select;
    throw validationError(`${envelope}Cannot specify the ${member} when choosing to get ${chosen}`);
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && input.IndexName === undefined) {
    throw validationError(`${envelope}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`);
  }
  if (select === 'SPECIFIC_ATTRIBUTES' && input.ProjectionExpression === undefined) {
    throw validationError(
      `${envelope}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
    );
  }
  return select;
}

function defaultSelect(input: PageRequest): Select {
  if (input.ProjectionExpression !== undefined) return 'SPECIFIC_ATTRIBUTES';
  return input.IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
}

export function compileSelection(input: PageRequest, substitutions: Substitutions | undefined): Projection | undefined {
  if (substitutions === undefined || input.ProjectionExpression === undefined) return undefined;
  return compileProjection(input.ProjectionExpression, substitutions);
}

/**
 * Whether whole items must be fetched from the table, which an index read needs when it asks for what the index does
 * not project. A local index does that; a global one refuses (docs: SecondaryIndexes).
 */
export function needsFetch(source: ReadSource, select: Select, projection: Projection | undefined): boolean {
  const { index } = source;
  if (index === undefined || index.projected === undefined) return false;
  const { projected } = index;
  const missing = (names: Iterable<string>): string[] => [...names].filter((name) => !projected.has(name));
  const isGlobal = index.index.kind === 'GSI';
  if (select === 'ALL_ATTRIBUTES' && isGlobal) {
    throw validationError(
      `${INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.index.name} ` +
        'because its projection type is not ALL',
    );
  }
  const unprojected = missing(projection?.topLevelAttributes() ?? []);
  if (unprojected.length > 0 && isGlobal) {
    throw validationError(
      `${INVALID}Global secondary index ${index.index.name} does not project [${unprojected.join(', ')}]`,
    );
  }
  return select === 'ALL_ATTRIBUTES' || unprojected.length > 0;
}

/**
 * A Query cannot filter by what its index does not project, even where whole items are fetched; in a Scan such
 * attributes count as absent.
 */
export function checkFilterProjected({ index }: ReadSource, filter: Condition): void {
  const projected = index?.projected;
  if (index === undefined || projected === undefined) return;
  const missing = [...filter.attributes()].filter((name) => !projected.has(name));
  if (missing.length === 0) return;
  throw validationError(
    `${INVALID}Secondary index ${index.index.name} does not project one or more filter attributes: ` +
      `[${missing.join(', ')}]`,
  );
}
