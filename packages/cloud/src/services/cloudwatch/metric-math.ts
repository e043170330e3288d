import { invalidValue, notEmulatedYet } from './metric-errors.js';

/** Values by the start of their period, in milliseconds; ascending. */
export type Series = ReadonlyMap<number, number>;
type Value = number | Series | readonly Series[];

/** What an expression can refer to. */
export interface MathContext {
  series(id: string): Series;
  /** Those of all queries that are metrics. */
  metrics(): readonly Series[];
  /** Every period of the window. */
  instants(): readonly number[];
  readonly periodMs: number;
}

export function isSeries(value: Value): value is Series {
  return value instanceof Map;
}

/**
 * Metric math: arithmetic, comparisons, AND, OR, and the functions below, on metrics, series and numbers.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * Differs: no SEARCH, no anomaly detection, no strings, no Metrics Insights queries.
 */
export function evaluateExpression(text: string, context: MathContext): Value {
  return new MathReader(text, context).read();
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(&&|\|\||==|!=|>=|<=|[-+*/^(),<>[\]]))/y;
/** Operators from the weakest to the strongest. */
const LEVELS: readonly (readonly string[])[] = [
  ['||', 'OR'],
  ['&&', 'AND'],
  ['==', '!=', '>=', '<=', '>', '<'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

class MathReader {
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly context: MathContext,
  ) {
    let at = 0;
    const end = text.trimEnd().length;
    while (at < end) {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(text);
      if (match === null) throw this.#error();
      at += match[0].length;
      this.#tokens.push(match[0].trim());
    }
  }

  read(): Value {
    const value = this.#level(0);
    if (this.#at !== this.#tokens.length) throw this.#error();
    return value;
  }

  #level(depth: number): Value {
    const operators = LEVELS[depth];
    if (operators === undefined) return this.#unary();
    let left = this.#level(depth + 1);
    for (
      let next = this.#tokens[this.#at];
      next !== undefined && operators.includes(next);
      next = this.#tokens[this.#at]
    ) {
      this.#at += 1;
      const operation = binary(next);
      left = combine(left, this.#level(depth + 1), operation);
    }
    return left;
  }

  #unary(): Value {
    if (this.#tokens[this.#at] !== '-') return this.#primary();
    this.#at += 1;
    return combine(0, this.#unary(), (zero, value) => zero - value);
  }

  #primary(): Value {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw this.#error();
    if (/^\d/.test(token)) return Number(token);
    if (token === '(') return this.#closed(this.#level(0), ')');
    if (token === '[') return this.#array();
    if (!/^\w/.test(token)) throw this.#error();
    if (this.#tokens[this.#at] !== '(') return this.context.series(token);
    this.#at += 1;
    return this.#call(token.toUpperCase(), this.#arguments());
  }

  #array(): Value {
    const items: Series[] = [];
    do {
      const item = this.#level(0);
      if (!isSeries(item)) throw this.#error();
      items.push(item);
    } while (this.#took(','));
    return this.#closed(items, ']');
  }

  #arguments(): Value[] {
    const values: Value[] = [];
    if (this.#took(')')) return values;
    do {
      // REPEAT and LINEAR are words of FILL, not ids.
      const word = this.#tokens[this.#at];
      if (word === 'REPEAT' || word === 'LINEAR') {
        this.#at += 1;
        values.push(word === 'REPEAT' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
      } else values.push(this.#level(0));
    } while (this.#took(','));
    return this.#closed(values, ')');
  }

  #took(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #closed<T>(value: T, bracket: string): T {
    if (!this.#took(bracket)) throw this.#error();
    return value;
  }

  #call(name: string, given: readonly Value[]): Value {
    if (name === 'METRICS') return this.context.metrics();
    const [first, second, third] = given;
    if (first === undefined) throw this.#error();
    const reduce = REDUCTIONS[name];
    if (reduce !== undefined) return reduction(first, reduce);
    const map = MAPPINGS[name];
    if (map !== undefined) return combine(first, 0, map);
    if (name === 'PERIOD') return this.context.periodMs / 1000;
    if (name === 'FILL' && second !== undefined && isSeries(first) && typeof second === 'number') {
      return filled(first, second, this.context.instants());
    }
    if (name === 'RATE' && isSeries(first)) return steps(first, (change, elapsedMs) => (change * 1000) / elapsedMs);
    if (name === 'DIFF' && isSeries(first)) return steps(first, (change) => change);
    if (name === 'RUNNING_SUM' && isSeries(first)) return runningSum(first);
    if (name === 'IF' && second !== undefined) return choose(first, second, third);
    if (['FILL', 'RATE', 'DIFF', 'RUNNING_SUM', 'IF'].includes(name)) throw this.#error();
    throw notEmulatedYet(`the function ${name} of metric math`);
  }

  #error(): Error {
    return invalidValue(`Error in expression '${this.text}': Unsupported operand type or syntax`);
  }
}

/** Of one series a number, of several one series. */
const REDUCTIONS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  DATAPOINT_COUNT: (values) => values.length,
  METRIC_COUNT: (values) => values.length,
  STDDEV: (values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  },
};

const MAPPINGS: Readonly<Record<string, (value: number) => number>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  LOG: Math.log,
  LOG10: Math.log10,
  EXP: Math.exp,
};

function reduction(value: Value, reduce: (values: readonly number[]) => number): Value {
  if (typeof value === 'number') return value;
  if (isSeries(value)) return value.size === 0 ? 0 : reduce([...value.values()]);
  const times = [...new Set(value.flatMap((series) => [...series.keys()]))].sort((a, b) => a - b);
  return new Map(
    times.map((timeMs) => {
      const present = value.flatMap((series) => series.get(timeMs) ?? []);
      return [timeMs, reduce(present)] as const;
    }),
  );
}

function binary(operator: string): (left: number, right: number) => number {
  switch (operator) {
    case '+':
      return (left, right) => left + right;
    case '-':
      return (left, right) => left - right;
    case '*':
      return (left, right) => left * right;
    case '/':
      return (left, right) => left / right;
    case '^':
      return (left, right) => left ** right;
    case '&&':
    case 'AND':
      return (left, right) => Number(left !== 0 && right !== 0);
    case '||':
    case 'OR':
      return (left, right) => Number(left !== 0 || right !== 0);
    case '==':
      return (left, right) => Number(left === right);
    case '!=':
      return (left, right) => Number(left !== right);
    case '>':
      return (left, right) => Number(left > right);
    case '<':
      return (left, right) => Number(left < right);
    case '>=':
      return (left, right) => Number(left >= right);
    default:
      return (left, right) => Number(left <= right);
  }
}

/** Points that one side lacks are left out, as are results that are no number, such as those of a division by 0. */
function combine(left: Value, right: Value, operation: (left: number, right: number) => number): Value {
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right);
  if (isArray(left)) return left.map((one) => seriesOf(combine(one, right, operation)));
  if (isArray(right)) return right.map((one) => seriesOf(combine(left, one, operation)));
  const times = isSeries(left) ? left.keys() : isSeries(right) ? right.keys() : [];
  const result = new Map<number, number>();
  for (const timeMs of times) {
    const leftValue = isSeries(left) ? left.get(timeMs) : left;
    const rightValue = isSeries(right) ? right.get(timeMs) : right;
    if (leftValue === undefined || rightValue === undefined) continue;
    const value = operation(leftValue, rightValue);
    if (Number.isFinite(value)) result.set(timeMs, value);
  }
  return result;
}

function isArray(value: Value): value is readonly Series[] {
  return Array.isArray(value);
}

function seriesOf(value: Value): Series {
  return isSeries(value) ? value : new Map();
}

/** `by`: a number, or ∞ to repeat the last value, −∞ to go straight from one to the next. */
function filled(series: Series, by: number, times: readonly number[]): Series {
  const result = new Map<number, number>();
  const known = [...series];
  for (const timeMs of times) {
    const present = series.get(timeMs);
    const before = known.findLast(([time]) => time < timeMs);
    const after = known.find(([time]) => time > timeMs);
    if (present !== undefined) result.set(timeMs, present);
    else if (Number.isFinite(by)) result.set(timeMs, by);
    else if (by > 0 && before !== undefined) result.set(timeMs, before[1]);
    else if (by < 0 && before !== undefined && after !== undefined) {
      const share = (timeMs - before[0]) / (after[0] - before[0]);
      result.set(timeMs, before[1] + (after[1] - before[1]) * share);
    }
  }
  return result;
}

function steps(series: Series, of: (change: number, elapsedMs: number) => number): Series {
  const points = [...series];
  return new Map(
    points.flatMap(([timeMs, value], at) => {
      const before = points[at - 1];
      return before === undefined ? [] : [[timeMs, of(value - before[1], timeMs - before[0])] as const];
    }),
  );
}

function runningSum(series: Series): Series {
  const result = new Map<number, number>();
  let sum = 0;
  for (const [timeMs, value] of series) {
    sum += value;
    result.set(timeMs, sum);
  }
  return result;
}

/** Where the condition is not 0, the second, else the third; without a third, nothing. */
function choose(condition: Value, chosen: Value, otherwise: Value | undefined): Value {
  if (typeof condition === 'number') return condition !== 0 ? chosen : (otherwise ?? new Map());
  const result = new Map<number, number>();
  for (const [timeMs, holds] of seriesOf(condition)) {
    const from = holds !== 0 ? chosen : otherwise;
    const value = typeof from === 'number' ? from : from === undefined ? undefined : seriesOf(from).get(timeMs);
    if (value !== undefined) result.set(timeMs, value);
  }
  return result;
}
