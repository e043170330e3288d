export { assertNoKeyAttributes, type Condition, type ConditionKind, compileCondition } from './condition.js';
export { compileKeyCondition, type KeyOperator, type KeyTerm } from './key-condition.js';
export type { Path } from './path.js';
export { compileProjection, type Projection, projectionOf, projectUpdatedPaths } from './projection.js';
export { Substitutions } from './substitutions.js';
export { compileUpdate, type Update, type UpdateResult } from './update.js';
