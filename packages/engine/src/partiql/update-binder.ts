import { validationError } from '../errors.js';
import {
  addAction,
  arithmetic,
  type BoundAction,
  deleteAction,
  expressionError,
  ifNotExists,
  isSet,
  listAppend,
  type Path,
  pathsEqual,
  REMOVE_ACTION,
  setAction,
  type UncheckedOperand,
  type Update,
  unchecked,
  updateOf,
} from '../expression/index.js';
import type { BinaryNode, CallNode, ExpressionNode, Position, UpdateActionNode } from './ast.js';
import { ConditionBinder } from './condition-binder.js';
import { documentPath, isPathNode } from './document-path.js';
import { isValueNode, type Literals, nodeName } from './literal.js';
import { checkOperatorCount } from './operator-limit.js';
import { errorAt } from './statement-error.js';

const KIND = 'Statement';

const CONDITION_FUNCTIONS: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
]);
/** Comparisons are values, too: booleans. */
const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** Binds the clauses of an UPDATE to its values. Throws ValidationException with AWS's words. */
export function bindUpdate(actions: readonly UpdateActionNode[], literals: Literals): Update {
  checkOperatorCount(actions.flatMap((action) => (action.kind === 'set' ? [action.value] : [])));
  // AWS looks at the last path first.
  const reversed = [...actions].reverse();
  const binder = new UpdateBinder(literals);
  const paths = reversed.map((action) => documentPath(action.path));
  const bind = (path: Path, index: number): BoundAction | undefined => {
    const action = reversed[index];
    return action && binder.action(action, path);
  };
  return updateOf(KIND, paths, bind, binder.operandPaths);
}

class UpdateBinder {
  readonly operandPaths: Path[] = [];

  constructor(private readonly literals: Literals) {}

  action(action: UpdateActionNode, path: Path): BoundAction {
    if (action.kind === 'remove') return REMOVE_ACTION;
    const { value } = action;
    const isSetCall = value.kind === 'call' && (value.name === 'set_add' || value.name === 'set_delete');
    return isSetCall ? this.#setFunction(value, path) : setAction(path, this.#operand(value));
  }

  /** `SET path = set_add(path, value)` is what ADD does in an update expression, set_delete what DELETE does. */
  #setFunction({ name, operands, at }: CallNode, path: Path): BoundAction {
    const called = name.toUpperCase();
    const [first, second] = operands;
    if (first === undefined || second === undefined || operands.length !== 2) {
      throw errorAt(`${called} must have exactly two arguments`, at);
    }
    if (!isPathNode(first) || !pathsEqual(documentPath(first), path)) {
      throw errorAt(`The first argument to ${called} must equal the assignment value`, at);
    }
    const value = isValueNode(second) ? this.literals.valueOf(second) : undefined;
    if (value === undefined || !isSet(value)) {
      throw errorAt(`The second argument to ${called} must be a value with type SET`, positionOf(first));
    }
    return name === 'set_add' ? addAction(path, value) : deleteAction(path, value);
  }

  #operand(node: ExpressionNode): UncheckedOperand {
    if (isValueNode(node) || isPathNode(node)) return unchecked(this.#plain(node));
    switch (node.kind) {
      case 'binary':
        return this.#binary(node);
      case 'call':
        return this.#call(node);
      case 'missing':
        throw validationError('MISSING must be compared using IS operator');
      case 'isType':
        throw validationError('IS operator is not supported in update expressions');
      case 'minus':
      case 'plus':
        throw expressionError(KIND, 'Incorrect number of operands for operator or function', [
          `operator or function: ${nodeName(node)}`,
          'number of operands: 1',
        ]);
      case 'not':
      case 'between':
        throw unsupportedOperator(node.kind);
      default:
        throw errorAt(`Unsupported token in expression: ${nodeName(node)}`, node.at);
    }
  }

  #plain(node: ExpressionNode): ReturnType<ConditionBinder['operand']> {
    const operand = new ConditionBinder(this.literals).operand(node);
    if (operand.path !== undefined) this.operandPaths.push(operand.path);
    return operand;
  }

  #binary(node: BinaryNode): UncheckedOperand {
    const { operator, left, right } = node;
    if (operator === '+' || operator === '-') {
      const first = this.#operand(left);
      return arithmetic(KIND, operator, first, this.#operand(right));
    }
    if (COMPARATORS.has(operator)) return unchecked(new ConditionBinder(this.literals).operand(node));
    throw unsupportedOperator(operator);
  }

  #call({ name, operands, at }: CallNode): UncheckedOperand {
    if (CONDITION_FUNCTIONS.has(name)) {
      throw validationError(`The function is not allowed in an update expression; function: ${name}`);
    }
    if (name !== 'list_append' && name !== 'if_not_exists') throw errorAt(`Unrecognized function: ${name}`, at);
    const bound = operands.map((operand) => this.#operand(operand));
    return name === 'list_append' ? listAppend(KIND, bound) : ifNotExists(KIND, bound);
  }
}

function positionOf(node: ExpressionNode): Position | undefined {
  return node.kind === 'path' ? node.root.at : node.at;
}

function unsupportedOperator(operator: string): Error {
  return validationError(`Unsupported operator in Update Expression. Operator: ${operator}`);
}
