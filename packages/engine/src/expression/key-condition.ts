import { type DynamoError, validationError } from '../errors.js';
import type { AttributeValue } from '../value/index.js';
import type { ConditionNode, OperandNode } from './ast.js';
import { bindCondition } from './condition-binder.js';
import { bindPath, bindValue } from './operand.js';
import { parseCondition } from './parse.js';
import { type Path, topLevelAttribute } from './path.js';
import type { Substitutions } from './substitutions.js';

export type KeyOperator = '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'begins_with';

/** One condition of a key condition expression: BETWEEN has two operands, all others one. */
export interface KeyTerm {
  readonly attribute: string;
  readonly operator: KeyOperator;
  readonly operands: readonly AttributeValue[];
  /** That no key has such a condition, which from KeyConditions comes to light with the schema only; no operands. */
  readonly isNotIndexable?: true;
}

const KIND = 'KeyConditionExpression';

/** The function that stands for all operators of KeyConditions that no key has. */
const NOT_INDEXABLE = 'attribute_not_exists';

/** `:v < key` says the same as `key > :v`. */
const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/**
 * The first of two steps: the syntax of a key condition expression, `text`, which is the raw member of the request, and
 * its placeholders. AWS looks at the other expressions, and for placeholders that none of them uses, before the second.
 */
export function parseKeyCondition(text: unknown, substitutions: Substitutions): ConditionNode {
  const node = parseCondition(KIND, text, substitutions.isTranslated(KIND));
  bindCondition(KIND, node, substitutions, []);
  return node;
}

/**
 * The second step: the conditions that the expression joins with AND, in the order of the text. Throws
 * ValidationException with AWS's words for what no key condition can be; whether they suit a table's keys is not looked at.
 */
export function keyTerms(node: ConditionNode, substitutions: Substitutions): readonly KeyTerm[] {
  const terms: KeyTerm[] = [];
  new KeyConditionReader(substitutions, terms).read(node);
  return terms;
}

/** Both steps. */
export function compileKeyCondition(text: unknown, substitutions: Substitutions): readonly KeyTerm[] {
  return keyTerms(parseKeyCondition(text, substitutions), substitutions);
}

class KeyConditionReader {
  constructor(
    private readonly substitutions: Substitutions,
    private readonly terms: KeyTerm[],
  ) {}

  read(node: ConditionNode): void {
    switch (node.kind) {
      case 'and':
        this.read(node.left);
        this.read(node.right);
        break;
      case 'comparison':
        if (node.comparator === '<>') throw invalidOperator('<>');
        this.comparison(node.comparator, node.left, node.right);
        break;
      case 'between':
        this.addTerm('BETWEEN', [node.operand, node.lower, node.upper]);
        break;
      case 'function':
        this.call(node.name, node.operands);
        break;
      default:
        throw invalidOperator(node.kind.toUpperCase());
    }
  }

  private call(name: string, operands: readonly OperandNode[]): void {
    if (name === NOT_INDEXABLE && this.substitutions.isTranslated(KIND)) this.addNotIndexable(operands);
    else if (name === 'begins_with') this.addTerm('begins_with', operands);
    else throw invalidOperator(name);
  }

  private addNotIndexable(operands: readonly OperandNode[]): void {
    for (const operand of operands) {
      if (operand.kind !== 'path') continue;
      const attribute = keyAttribute(bindPath(KIND, operand, this.substitutions));
      this.terms.push({ attribute, operator: '=', operands: [], isNotIndexable: true });
    }
  }

  private comparison(comparator: keyof typeof MIRRORED, left: OperandNode, right: OperandNode): void {
    const mirrored = left.kind === 'value' && right.kind === 'path';
    if (mirrored) this.addTerm(MIRRORED[comparator], [right, left]);
    else this.addTerm(comparator, [left, right]);
  }

  private addTerm(operator: KeyOperator, operands: readonly OperandNode[]): void {
    if (operands.some((operand) => operand.kind === 'function')) {
      throw validationError('KeyConditionExpressions cannot contain nested operations');
    }
    let attribute: string | undefined;
    for (const operand of operands) {
      if (operand.kind !== 'path') continue;
      if (attribute !== undefined) throw invalidCondition('Multiple attribute names used in one condition');
      attribute = keyAttribute(bindPath(KIND, operand, this.substitutions));
    }
    if (attribute === undefined) throw invalidCondition('No key attribute specified');
    if (operands[0]?.kind !== 'path') {
      throw invalidCondition(`${operator} operator must have the key attribute as its first operand`);
    }
    if (this.terms.some((term) => term.attribute === attribute)) {
      throw validationError(`Invalid ${KIND}: KeyConditionExpressions must only contain one condition per key`);
    }
    const values = operands.filter((operand) => operand.kind === 'value');
    const bound = values.map((value) => bindValue(KIND, value, this.substitutions));
    this.terms.push({ attribute, operator, operands: bound });
  }
}

function keyAttribute(path: Path): string {
  const attribute = topLevelAttribute(path);
  if (path.length === 1) return attribute;
  throw validationError(`Invalid ${KIND}: KeyConditionExpressions cannot have conditions on nested attributes`);
}

function invalidOperator(operator: string): DynamoError {
  return validationError(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

function invalidCondition(fault: string): DynamoError {
  return validationError(`Invalid condition in KeyConditionExpression: ${fault}`);
}
