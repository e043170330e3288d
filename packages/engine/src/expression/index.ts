export type { Comparator } from './ast.js';
export { assertNoKeyAttributes, type Condition, type ConditionKind, compileCondition } from './condition.js';
export { sizeOperand } from './condition-binder.js';
export {
  betweenPredicate,
  comparePredicate,
  functionPredicate,
  inPredicate,
  type Predicate,
} from './condition-predicates.js';
export { expressionError } from './expression-error.js';
export { compileKeyCondition, type KeyOperator, type KeyTerm, keyTerms, parseKeyCondition } from './key-condition.js';
export { computedOperand, literalOperand, type Operand, pathOperand } from './operand.js';
export { ParseCache } from './parse-cache.js';
export { nestedAttributesOf, type Path, pathsEqual, topLevelAttribute, valueAt } from './path.js';
export { PathTree } from './path-tree.js';
export { compileProjection, type Projection, projectionOf, projectPaths, projectUpdatedPaths } from './projection.js';
export { compileSearchCondition, type SearchTerm } from './search-condition.js';
export { isSet } from './sets.js';
export { type SubstitutionOptions, Substitutions } from './substitutions.js';
export { compileUpdate, type Update, type UpdateResult, updateOf } from './update.js';
export {
  addAction,
  arithmetic,
  type BoundAction,
  deleteAction,
  ifNotExists,
  listAppend,
  REMOVE_ACTION,
  setAction,
  type UncheckedOperand,
  unchecked,
} from './update-actions.js';
export { updateStatementBytes } from './update-statement-size.js';
