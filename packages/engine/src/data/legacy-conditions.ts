import { type DynamoError, validationError } from '../errors.js';
import { type AttributeType, type AttributeValue, checkValue, compareValues } from '../value/index.js';
import { typeOf } from './keys.js';
import { LegacyPlaceholders } from './legacy-placeholders.js';

// Conditions as they were written before expressions (docs: LegacyConditionalParameters.Conditions): QueryFilter,
// ScanFilter and KeyConditions with operator and values, Expected also with Exists and Value.

const INVALID = 'One or more parameter values were invalid: ';

type RawCondition = {
  readonly ComparisonOperator?: string;
  readonly AttributeValueList?: readonly unknown[];
  readonly Value?: unknown;
  readonly Exists?: boolean;
};

/** What a comparison operator takes, and the expression that stands for it. */
interface OperatorRule {
  readonly minValues: number;
  readonly maxValues: number;
  /** The types that it can compare; all when left out. */
  readonly types?: readonly AttributeType[];
  expression(name: string, values: readonly string[]): string;
}

const MAX_TERMS_IN_A_ROW = 100;

const SCALARS: readonly AttributeType[] = ['S', 'N', 'B'];

function comparison(comparator: string, types?: readonly AttributeType[]): OperatorRule {
  const expression = (name: string, [value]: readonly string[]) => `${name} ${comparator} ${value}`;
  return { minValues: 1, maxValues: 1, ...(types !== undefined && { types }), expression };
}

const OPERATORS: Readonly<Record<string, OperatorRule>> = {
  EQ: comparison('='),
  NE: comparison('<>'),
  LT: comparison('<', SCALARS),
  LE: comparison('<=', SCALARS),
  GT: comparison('>', SCALARS),
  GE: comparison('>=', SCALARS),
  NULL: { minValues: 0, maxValues: 0, expression: (name) => `attribute_not_exists(${name})` },
  NOT_NULL: { minValues: 0, maxValues: 0, expression: (name) => `attribute_exists(${name})` },
  CONTAINS: {
    minValues: 1,
    maxValues: 1,
    types: SCALARS,
    expression: (name, [value]) => `contains(${name}, ${value})`,
  },
  NOT_CONTAINS: {
    minValues: 1,
    maxValues: 1,
    types: SCALARS,
    expression: (name, [value]) => `(attribute_exists(${name}) AND NOT contains(${name}, ${value}))`,
  },
  BEGINS_WITH: {
    minValues: 1,
    maxValues: 1,
    types: ['S', 'B'],
    expression: (name, [value]) => `begins_with(${name}, ${value})`,
  },
  IN: {
    minValues: 1,
    maxValues: Number.POSITIVE_INFINITY,
    types: SCALARS,
    expression: (name, values) => `${name} IN (${values.join(', ')})`,
  },
  BETWEEN: {
    minValues: 2,
    maxValues: 2,
    types: SCALARS,
    expression: (name, [lower, upper]) => `${name} BETWEEN ${lower} AND ${upper}`,
  },
};

const NOT_INDEXABLE = new Set(['NULL', 'NOT_NULL', 'NE', 'CONTAINS', 'NOT_CONTAINS', 'IN']);

/**
 * The expression for Expected, QueryFilter or ScanFilter; undefined when it holds no condition.
 *
 * @param isExpected whether it is Expected, where Value may stand for a list of one
 */
export function conditionsExpression(
  conditions: unknown,
  conditionalOperator: unknown,
  isExpected: boolean,
  placeholders: LegacyPlaceholders,
): string | undefined {
  if (isExpected) checkExpectedMembers(conditions as Record<string, RawCondition>);
  const entries = Object.entries((conditions ?? {}) as Record<string, RawCondition>);
  if (conditionalOperator !== undefined && entries.length < 2) {
    throw validationError(
      entries.length === 0
        ? 'ConditionalOperator cannot be used without Filter or Expected'
        : 'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    );
  }
  const terms = entries.map(([attribute, condition]) => conditionTerm(attribute, condition, placeholders));
  return terms.length === 0 ? undefined : joined(terms, conditionalOperator === 'OR' ? ' OR ' : ' AND ');
}

/** Very many terms are joined in halves, so that the syntax tree is not as deep as they are many. */
function joined(terms: readonly string[], operator: string): string {
  if (terms.length <= MAX_TERMS_IN_A_ROW) return terms.join(operator);
  const middle = terms.length >> 1;
  return `(${joined(terms.slice(0, middle), operator)})${operator}(${joined(terms.slice(middle), operator)})`;
}

/** What AWS looks at before anything else in Expected. */
function checkExpectedMembers(conditions: Record<string, RawCondition>): void {
  for (const [attribute, condition] of Object.entries(conditions)) {
    const { ComparisonOperator: operator, AttributeValueList: list, Value: value, Exists: exists } = condition;
    const fail = (rule: string): never => {
      throw validationError(`${INVALID}${rule} for Attribute: ${attribute}`);
    };
    if (list !== undefined && value !== undefined) fail('Value and AttributeValueList cannot be used together');
    if (operator === undefined) continue;
    if (exists !== undefined) fail('Exists and ComparisonOperator cannot be used together');
    if (list !== undefined || value !== undefined || OPERATORS[operator]?.minValues === 0) continue;
    fail(`Value or AttributeValueList must be used with ComparisonOperator: ${operator}`);
  }
}

/** The expression for KeyConditions. Only indexes have keys of more than two attributes. */
export function keyConditionsExpression(
  conditions: unknown,
  ofIndex: boolean,
  placeholders: LegacyPlaceholders,
): string {
  const entries = Object.entries(conditions as Record<string, RawCondition>);
  const terms = entries.map(([attribute, condition]) => keyConditionTerm(attribute, condition, placeholders));
  if (terms.length < 1 || (terms.length > 2 && !ofIndex)) throw keyConditionsCount();
  return terms.join(' AND ');
}

/** Of KeyConditions that are none, or more than two for a key of at most two attributes. */
export function keyConditionsCount(): DynamoError {
  return validationError('Conditions can be of length 1 or 2 only');
}

/** That an operator cannot be used with keys is AWS's last complaint, after the table and its schema. */
function keyConditionTerm(attribute: string, condition: RawCondition, placeholders: LegacyPlaceholders): string {
  if (!NOT_INDEXABLE.has(condition.ComparisonOperator ?? '')) return conditionTerm(attribute, condition, placeholders);
  conditionTerm(attribute, condition, new LegacyPlaceholders());
  return `attribute_not_exists(${placeholders.name(attribute)})`;
}

function conditionTerm(attribute: string, condition: RawCondition, placeholders: LegacyPlaceholders): string {
  const { ComparisonOperator: operator, AttributeValueList: list, Value: value, Exists: exists } = condition;
  const fail = (rule: string): never => {
    throw validationError(`${INVALID}${rule} for Attribute: ${attribute}`);
  };
  const given = (list ?? (value === undefined ? [] : [value])).map((raw) => checkValue(raw).value);
  if (operator === undefined) {
    if (list !== undefined) fail('AttributeValueList can only be used with a ComparisonOperator');
    return existsTerm(attribute, exists, given[0], placeholders);
  }
  const rule = OPERATORS[operator];
  if (rule === undefined) throw validationError('Comparison type does not exist in DynamoDB');
  checkArguments(operator, rule, given);
  const values = given.map((each) => placeholders.value(each));
  return rule.expression(placeholders.name(attribute), values);
}

/** Expected without an operator: that the attribute has the value, or is not there. */
function existsTerm(
  attribute: string,
  exists: boolean | undefined,
  value: AttributeValue | undefined,
  placeholders: LegacyPlaceholders,
): string {
  if (exists === false) {
    if (value === undefined) return `attribute_not_exists(${placeholders.name(attribute)})`;
    throw validationError(`${INVALID}Value cannot be used when Exists is false for Attribute: ${attribute}`);
  }
  if (value !== undefined) return `${placeholders.name(attribute)} = ${placeholders.value(value)}`;
  const state = exists === undefined ? 'null' : 'true';
  throw validationError(`${INVALID}Value must be provided when Exists is ${state} for Attribute: ${attribute}`);
}

function checkArguments(operator: string, rule: OperatorRule, values: readonly AttributeValue[]): void {
  if (values.length < rule.minValues || values.length > rule.maxValues) {
    throw validationError(`${INVALID}Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  const types = values.map(typeOf);
  if (new Set(types).size > 1) {
    throw validationError(`${INVALID}AttributeValues inside AttributeValueList must be of same type`);
  }
  const [type] = types;
  if (type !== undefined && rule.types !== undefined && !rule.types.includes(type as AttributeType)) {
    throw validationError(`${INVALID}ComparisonOperator ${operator} is not valid for ${type} AttributeValue type`);
  }
  const [lower, upper] = values;
  if (operator !== 'BETWEEN' || lower === undefined || upper === undefined) return;
  if ((compareValues(lower, upper) ?? 0) <= 0) return;
  throw validationError(
    'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
  );
}
