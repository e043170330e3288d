import { type DynamoError, validationError } from '../errors.js';
import type { AttributeValue } from '../value/index.js';
import type { ConditionNode, OperandNode } from './ast.js';
import { bindPath, bindValue } from './operand.js';
import { parseCondition } from './parse.js';
import { topLevelAttribute } from './path.js';
import type { Substitutions } from './substitutions.js';

const KIND = 'SearchConditionExpression';

/** That an attribute has a value. */
export interface SearchTerm {
  readonly attribute: string;
  readonly value: AttributeValue;
}

/**
 * The equalities that a search condition expression joins with AND; it knows nothing else. `text` is the raw member of
 * the request. Throws ValidationException; comparators and operators have AWS's words (recorded by public projects), what
 * is not known has those of key conditions.
 */
export function compileSearchCondition(text: unknown, substitutions: Substitutions): readonly SearchTerm[] {
  const terms: SearchTerm[] = [];
  addTerms(parseCondition(KIND, text), substitutions, terms);
  return terms;
}

function addTerms(node: ConditionNode, substitutions: Substitutions, terms: SearchTerm[]): void {
  if (node.kind === 'and') {
    addTerms(node.left, substitutions, terms);
    addTerms(node.right, substitutions, terms);
    return;
  }
  if (node.kind !== 'comparison') throw invalid(`Invalid operator used in ${KIND}`);
  if (node.comparator !== '=') throw invalid(`Invalid comparator used in ${KIND}`);
  const term = termOf(node.left, node.right, substitutions) ?? termOf(node.right, node.left, substitutions);
  if (term === undefined) throw invalid(`Invalid operator used in ${KIND}`);
  if (terms.some(({ attribute }) => attribute === term.attribute)) {
    throw invalid(`${KIND} must only contain one condition per attribute`);
  }
  terms.push(term);
}

function termOf(path: OperandNode, value: OperandNode, substitutions: Substitutions): SearchTerm | undefined {
  if (path.kind !== 'path' || value.kind !== 'value') return undefined;
  const bound = bindPath(KIND, path, substitutions);
  if (bound.length > 1) throw invalid(`${KIND} cannot have conditions on nested attributes`);
  return { attribute: topLevelAttribute(bound), value: bindValue(KIND, value, substitutions) };
}

function invalid(fault: string): DynamoError {
  return validationError(`Invalid ${KIND}: ${fault}`);
}
