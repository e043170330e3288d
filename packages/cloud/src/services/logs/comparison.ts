import { likeness } from '../../kernel/wildcard.js';
import { invalidPattern, regexFilter } from './pattern-basics.js';
import type { PatternTokens, Token } from './pattern-tokens.js';

/** A test of one field's value. */
export type ValueTest = (value: unknown) => boolean;

const OPERATORS = ['=', '!=', '>=', '<=', '>', '<'] as const;
type Operator = (typeof OPERATORS)[number];

/** Reads `= value`, `!= value`, `> number` and the like. */
export function readComparison(tokens: PatternTokens): ValueTest {
  const operator = OPERATORS.find((one) => tokens.take(one));
  if (operator === undefined) throw invalidPattern();
  return comparison(operator, tokens.next());
}

function comparison(operator: Operator, operand: Token): ValueTest {
  if (operand.kind === 'symbol') throw invalidPattern();
  const equals = equality(operand);
  if (operator === '=') return equals;
  // A value that is not there is not unequal either.
  if (operator === '!=') return (value) => isScalar(value) && !equals(value);
  const limit = Number(operand.text);
  if (operand.kind !== 'word' || Number.isNaN(limit)) throw invalidPattern();
  return (value) => {
    const number = numberOf(value);
    if (number === undefined) return false;
    if (operator === '>') return number > limit;
    if (operator === '<') return number < limit;
    return operator === '>=' ? number >= limit : number <= limit;
  };
}

function equality({ kind, text }: Token): ValueTest {
  if (kind === 'regex') {
    const matches = regexFilter(text);
    return (value) => isScalar(value) && matches(String(value));
  }
  const number = kind === 'word' && text !== '' ? Number(text) : Number.NaN;
  if (!Number.isNaN(number)) return (value) => numberOf(value) === number;
  const matches = likeness(text);
  return (value) => isScalar(value) && matches(String(value));
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}
