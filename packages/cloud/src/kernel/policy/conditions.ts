import { ArnPattern } from './arn-pattern.js';
import type { ConditionContext } from './condition-context.js';
import { isInNetwork } from './ip-network.js';
import { Pattern } from './pattern.js';

/** Whether one value of the request satisfies one value of the policy. */
type Test = (value: string, context: ConditionContext) => boolean;

interface Operator {
  /** A negated operator holds when none of the policy's values is satisfied, and when the key is not there. */
  readonly negated: boolean;
  /** Makes the test of one value of the policy. */
  readonly test: (wanted: string, variables: boolean) => Test;
}

function text(options: { wildcards: boolean; ignoresCase?: boolean }): Operator['test'] {
  return (wanted, variables) => {
    const pattern = new Pattern(wanted, { ...options, variables });
    return (value, context) => pattern.matches(value, context);
  };
}

function compared(read: (text: string) => number, holds: (value: number, wanted: number) => boolean): Operator['test'] {
  return (wanted) => {
    const limit = read(wanted);
    return (value) => holds(read(value), limit);
  };
}

const arn: Operator['test'] = (wanted, variables) => {
  const pattern = new ArnPattern(wanted, variables);
  return (value, context) => pattern.matches(value, context);
};

const bool: Operator['test'] = (wanted) => (value) => value.toLowerCase() === wanted.toLowerCase();

const binary: Operator['test'] = (wanted) => {
  const bytes = Buffer.from(wanted, 'base64');
  return (value) => Buffer.from(value, 'base64').equals(bytes);
};

const network: Operator['test'] = (wanted) => (value) => isInNetwork(value, wanted);

/** Milliseconds since the epoch of an ISO 8601 date, or of whole seconds since the epoch. */
export function readDate(value: string): number {
  return /^-?\d+(\.\d+)?$/.test(value) && value.length !== 4 ? Number(value) * 1000 : Date.parse(value);
}

function readNumber(value: string): number {
  return value.trim() === '' ? Number.NaN : Number(value);
}

const is = (test: Operator['test']): Operator => ({ negated: false, test });
const isNot = (test: Operator['test']): Operator => ({ negated: true, test });

const equal = (value: number, wanted: number) => value === wanted;
const less = (value: number, wanted: number) => value < wanted;
const lessOrEqual = (value: number, wanted: number) => value <= wanted;
const greater = (value: number, wanted: number) => value > wanted;
const greaterOrEqual = (value: number, wanted: number) => value >= wanted;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: is(text({ wildcards: false })),
    StringNotEquals: isNot(text({ wildcards: false })),
    StringEqualsIgnoreCase: is(text({ wildcards: false, ignoresCase: true })),
    StringNotEqualsIgnoreCase: isNot(text({ wildcards: false, ignoresCase: true })),
    StringLike: is(text({ wildcards: true })),
    StringNotLike: isNot(text({ wildcards: true })),
    NumericEquals: is(compared(readNumber, equal)),
    NumericNotEquals: isNot(compared(readNumber, equal)),
    NumericLessThan: is(compared(readNumber, less)),
    NumericLessThanEquals: is(compared(readNumber, lessOrEqual)),
    NumericGreaterThan: is(compared(readNumber, greater)),
    NumericGreaterThanEquals: is(compared(readNumber, greaterOrEqual)),
    DateEquals: is(compared(readDate, equal)),
    DateNotEquals: isNot(compared(readDate, equal)),
    DateLessThan: is(compared(readDate, less)),
    DateLessThanEquals: is(compared(readDate, lessOrEqual)),
    DateGreaterThan: is(compared(readDate, greater)),
    DateGreaterThanEquals: is(compared(readDate, greaterOrEqual)),
    Bool: is(bool),
    BinaryEquals: is(binary),
    IpAddress: is(network),
    NotIpAddress: isNot(network),
    ArnEquals: is(arn),
    ArnNotEquals: isNot(arn),
    ArnLike: is(arn),
    ArnNotLike: isNot(arn),
  } satisfies Record<string, Operator>).map(([name, operator]) => [name.toLowerCase(), operator]),
);

/**
 * Keys of several values, in lower case, whose conditions never hold without ForAllValues or ForAnyValue, since AWS wants
 * one of these: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
 * DynamoDB's `LeadingKeys` is left out: policies that name it plainly are common, and nothing tells how AWS takes them.
 */
const WANTS_QUALIFIER: ReadonlySet<string> = new Set(['dynamodb:attributes']);

/** One line of a Condition block: operator, key and the values it may have. */
export interface Condition {
  readonly key: string;
  /** Keys of variables in its values. */
  readonly variableKeys: readonly string[];
  holds(context: ConditionContext): boolean;
}

/** Undefined when there is no operator of that name. */
export function compileCondition(
  operatorName: string,
  key: string,
  wanted: readonly string[],
  variables: boolean,
): Condition | undefined {
  const { qualifier, name, ifExists } = parseOperator(operatorName);
  const variableKeys = variables
    ? wanted.flatMap((value) => new Pattern(value, { variables, wildcards: false }).variableKeys)
    : [];
  if (name === 'null') return { key, variableKeys, holds: (context) => wanted.includes(String(!context.get(key))) };
  const operator = OPERATORS.get(name);
  if (operator === undefined) return undefined;
  const tests = wanted.map((value) => operator.test(value, variables));
  const satisfies = (value: string, context: ConditionContext): boolean =>
    tests.some((test) => test(value, context)) !== operator.negated;
  const holds = (context: ConditionContext): boolean => {
    const values = context.get(key);
    if (values === undefined) {
      if (ifExists || qualifier === 'forallvalues') return true;
      return qualifier === undefined && operator.negated;
    }
    if (qualifier === 'forallvalues') return values.every((value) => satisfies(value, context));
    if (qualifier === 'foranyvalue') return values.some((value) => satisfies(value, context));
    if (!operator.negated && WANTS_QUALIFIER.has(key.toLowerCase())) return false;
    return operator.negated
      ? values.every((value) => satisfies(value, context))
      : values.some((value) => satisfies(value, context));
  };
  return { key, variableKeys, holds };
}

/** Whether a policy may use this operator. */
export function isOperator(operatorName: string): boolean {
  const { name } = parseOperator(operatorName);
  return name === 'null' || OPERATORS.has(name);
}

function parseOperator(operatorName: string) {
  const match = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/.exec(operatorName.toLowerCase());
  return { qualifier: match?.[1], name: match?.[2] ?? '', ifExists: match?.[3] !== undefined };
}
