import { type DynamoError, validationError } from '../errors.js';
import {
  betweenPredicate,
  type Comparator,
  comparePredicate,
  computedOperand,
  expressionError,
  functionPredicate,
  inPredicate,
  literalOperand,
  type Operand,
  type Path,
  type Predicate,
  pathOperand,
  sizeOperand,
} from '../expression/index.js';
import type { BinaryNode, CallNode, ExpressionNode } from './ast.js';
import { type AttributeTest, type BoundCondition, predicateOf } from './bound-condition.js';
import { documentPath, isPathNode } from './document-path.js';
import { isValueNode, type Literals, nodeName } from './literal.js';
import { checkOperatorCount } from './operator-limit.js';
import { errorAt } from './statement-error.js';

const KIND = 'Statement';

const COMPARATORS: ReadonlySet<string> = new Set<Comparator>(['=', '<>', '<', '<=', '>', '>=']);

/** `value < attribute` says the same as `attribute > value`. */
const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

const CONDITION_FUNCTIONS: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
]);
const UPDATE_FUNCTIONS: ReadonlySet<string> = new Set(['if_not_exists', 'list_append']);

/** The types that IS takes, with the function and the attribute type that say the same. */
const IS_TYPES: Readonly<Record<string, string>> = {
  NULL: 'NULL',
  BOOLEAN: 'BOOL',
  BLOB: 'B',
  STRING: 'S',
  NUMERIC: 'N',
  STRUCT: 'M',
  TUPLE: 'M',
  LIST: 'L',
};

/** Binds a WHERE clause to its values. Throws ValidationException with AWS's words. */
export function bindWhere(node: ExpressionNode, literals: Literals): BoundCondition {
  checkOperatorCount([node]);
  if (isOperand(node)) throw validationError('WHERE clause must contain an expression that resolves to a boolean');
  return new ConditionBinder(literals).condition(node);
}

function isOperand(node: ExpressionNode): boolean {
  return isValueNode(node) || isPathNode(node) || node.kind === 'missing' || isSize(node);
}

function isSize(node: ExpressionNode): boolean {
  return node.kind === 'call' && node.name === 'size';
}

export class ConditionBinder {
  /** Of the test that is being bound. */
  #paths: Path[] = [];

  constructor(private readonly literals: Literals) {}

  condition(node: ExpressionNode): BoundCondition {
    if (node.kind === 'binary' && (node.operator === 'and' || node.operator === 'or')) {
      const left = this.#conjunct(node.left);
      return { kind: node.operator, left, right: this.#conjunct(node.right) };
    }
    if (node.kind !== 'not') return this.#test(node);
    if (isSize(node.operand)) throw incorrectType('NOT', 'N');
    if (isOperand(node.operand)) throw validationError('The argument to NOT must be a Type or Expression');
    return { kind: 'not', operand: this.condition(node.operand) };
  }

  #conjunct(node: ExpressionNode): BoundCondition {
    if (isSize(node)) throw incorrectType('AND', 'N');
    if (isOperand(node)) throw validationError('The arguments to AND/OR must be Expressions');
    return this.condition(node);
  }

  #test(node: ExpressionNode): BoundCondition {
    const outer = this.#paths;
    this.#paths = [];
    const predicate = this.#predicate(node);
    const paths = this.#paths;
    this.#paths = [...outer, ...paths];
    return { kind: 'test', predicate, paths, test: attributeTest(node, this.literals) };
  }

  #predicate(node: ExpressionNode): Predicate {
    switch (node.kind) {
      case 'binary':
        return this.#binary(node);
      case 'between': {
        const [operand, lower] = [this.operand(node.operand), this.operand(node.lower)];
        return betweenPredicate(KIND, operand, lower, this.operand(node.upper));
      }
      case 'isType':
        return this.#isType(node);
      case 'call':
        return this.#call(node);
      case 'minus':
      case 'plus':
        throw unsupportedOperator(nodeName(node));
      default:
        throw errorAt(`Unsupported token in expression: ${nodeName(node)}`, node.at);
    }
  }

  #binary({ operator, left, right }: BinaryNode): Predicate {
    if (operator === 'in') return this.#in(left, right);
    if (!isComparator(operator)) throw unsupportedOperator(operator);
    return comparePredicate(KIND, operator, this.operand(left), this.operand(right));
  }

  #in(left: ExpressionNode, right: ExpressionNode): Predicate {
    const isSequence = right.kind === 'list' || right.kind === 'bag';
    if (!isSequence || right.elements.length === 0) {
      throw validationError(
        'IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq ' +
          'with at least one member',
      );
    }
    const operand = this.operand(left);
    return inPredicate(
      KIND,
      operand,
      right.elements.map((element) => this.operand(element)),
    );
  }

  #isType({ operand, type, at }: Extract<ExpressionNode, { kind: 'isType' }>): Predicate {
    if (!isValueNode(operand) && !isPathNode(operand)) {
      throw validationError('The left hand side argument to IS must be a Variable Reference, Literal, or Path');
    }
    const value = this.operand(operand);
    if (type === 'MISSING') return functionPredicate(KIND, 'attribute_not_exists', [value]);
    const attributeType = IS_TYPES[type];
    if (attributeType !== undefined) {
      return functionPredicate(KIND, 'attribute_type', [value, literalOperand({ S: attributeType })]);
    }
    throw errorAt(
      `Unsupported data type for IS operator: ${type}. Supported data types are ` +
        '[MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST]',
      at,
    );
  }

  #call({ name, operands, at }: CallNode): Predicate {
    if (UPDATE_FUNCTIONS.has(name)) {
      throw validationError(`The function is not allowed in a condition expression; function: ${name}`);
    }
    if (!CONDITION_FUNCTIONS.has(name)) throw errorAt(`Unrecognized function: ${name}`, at);
    return functionPredicate(
      KIND,
      name,
      operands.map((operand) => this.operand(operand)),
    );
  }

  /** Conditions are operands, too: they have a boolean. */
  operand(node: ExpressionNode): Operand {
    if (isValueNode(node)) return literalOperand(this.literals.valueOf(node));
    if (isPathNode(node)) {
      const path = documentPath(node);
      this.#paths.push(path);
      return pathOperand(path);
    }
    if (node.kind === 'call' && node.name === 'size') {
      return sizeOperand(
        KIND,
        node.operands.map((operand) => this.operand(operand)),
      );
    }
    if (node.kind === 'missing') throw validationError('MISSING must be compared using IS operator');
    const predicate = predicateOf(this.condition(node));
    return computedOperand('BOOL', (item) => ({ BOOL: predicate(item) }));
  }
}

function isComparator(operator: string): operator is Comparator {
  return COMPARATORS.has(operator);
}

function incorrectType(operator: string, type: string): DynamoError {
  const details = [`operator or function: ${operator}`, `operand type: ${type}`];
  return expressionError(KIND, 'Incorrect operand type for operator or function', details);
}

function unsupportedOperator(operator: string): DynamoError {
  return validationError(`Unsupported operator in Condition Expression. Operator: ${operator}`);
}

/** The node as a test of one attribute against values; undefined when it is none. */
function attributeTest(node: ExpressionNode, literals: Literals): AttributeTest | undefined {
  switch (node.kind) {
    case 'binary':
      return comparison(node, literals);
    case 'between':
      return testOf(node.operand, 'BETWEEN', [node.lower, node.upper], literals);
    case 'call': {
      const [attribute, prefix] = node.operands;
      if (node.name !== 'begins_with' || attribute === undefined || prefix === undefined) return undefined;
      return testOf(attribute, 'begins_with', [prefix], literals);
    }
    default:
      return undefined;
  }
}

function comparison({ operator, left, right }: BinaryNode, literals: Literals): AttributeTest | undefined {
  if (operator === 'in') {
    const elements = right.kind === 'list' || right.kind === 'bag' ? right.elements : [];
    return testOf(left, 'IN', elements, literals);
  }
  if (!Object.hasOwn(MIRRORED, operator)) return undefined;
  const comparator = operator as keyof typeof MIRRORED;
  return testOf(left, comparator, [right], literals) ?? testOf(right, MIRRORED[comparator], [left], literals);
}

function testOf(
  attribute: ExpressionNode,
  operator: AttributeTest['operator'],
  operands: readonly ExpressionNode[],
  literals: Literals,
): AttributeTest | undefined {
  if (attribute.kind !== 'identifier' || !operands.every(isValueNode)) return undefined;
  const values = operands.map((operand) => literals.valueOf(operand));
  const isSingle = operator === 'IN' && values.length === 1;
  return { attribute: attribute.name, operator: isSingle ? '=' : operator, isList: operator === 'IN', values };
}
