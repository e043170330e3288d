import { validationError } from '../errors.js';
import type { ExpressionNode, PathStep, SourceNode } from './ast.js';
import { errorAt } from './statement-error.js';

/** The table, or index of it, that a statement names. */
export interface Source {
  readonly tableName: string;
  readonly indexName: string | undefined;
}

const TABLE_NAME = /^[a-zA-Z0-9_.-]{3,255}$/;

/** What a SELECT reads. Throws ValidationException with AWS's words. */
export function sourceOf({ source, hasAlias, isJoin }: SourceNode): Source {
  if (isJoin) throw validationError('Only select from a single table or index is supported.');
  if (hasAlias) throw validationError('Aliasing is not supported');
  if (source.kind === 'identifier') return { tableName: tableName(source.name), indexName: undefined };
  if (source.kind !== 'path' || source.root.kind !== 'identifier') throw validationError('Unexpected from source');
  const [step, ...others] = source.steps;
  if (step === undefined || others.length > 0) {
    throw validationError('A path may contain at most 2 components in the FROM clause');
  }
  return { tableName: tableName(source.root.name), indexName: indexName(step) };
}

/** The table that UPDATE or DELETE writes to. */
export function targetOf(from: SourceNode): string {
  const source = sourceOf(from);
  if (source.indexName !== undefined) throw validationError('This operation is not supported on an index');
  return source.tableName;
}

/** The table that INSERT writes to. */
export function insertTargetOf(into: ExpressionNode): string {
  if (into.kind !== 'identifier') {
    throw validationError('FROM clause may only contain a single table name in data manipulation statements');
  }
  return named(into.name);
}

function tableName(name: string): string {
  if (TABLE_NAME.test(named(name))) return name;
  throw validationError(
    "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.",
  );
}

function indexName(step: PathStep): string {
  if (step.kind === 'member') return named(step.name);
  if (step.kind === 'unpivot') throw errorAt('Unpivot path component like a.*.b are not supported', step.at);
  if (step.kind === 'wildcard') throw errorAt('Wildcard path component like a[*].b are not supported', step.at);
  if (step.index.kind === 'identifier') return named(step.index.name);
  if (step.index.kind === 'string') return named(step.index.text);
  throw validationError('Invalid list expression in source.');
}

function named(name: string): string {
  if (name === '') throw validationError('Path component cannot be an empty string');
  return name;
}
