import { BlockList, isIP } from 'node:net';

/** The pattern is not one that AWS would take. */
export class PatternError extends Error {}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type Scalar = string | number | boolean | null;
export type LeafTest = (value: Scalar) => boolean;

/** What one entry of a leaf's list asks of a value. */
export function leafTest(entry: unknown): LeafTest {
  if (entry === null || ['string', 'number', 'boolean'].includes(typeof entry)) return (value) => value === entry;
  if (!isObject(entry)) throw new PatternError('a list holds values and operators');
  const [operator = '', ...more] = Object.keys(entry);
  if (more.length > 0) throw new PatternError('an operator stands alone');
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (compile === undefined) throw new PatternError(`there is no operator ${operator}`);
  return compile(entry[operator]);
}

const OPERATORS: Readonly<Record<string, (operand: unknown) => LeafTest>> = {
  prefix: (operand) => affix(operand, (value, part) => value.startsWith(part)),
  suffix: (operand) => affix(operand, (value, part) => value.endsWith(part)),
  'equals-ignore-case': (operand) => {
    const wanted = text(operand, 'equals-ignore-case').toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
  },
  wildcard: (operand) => wildcard(text(operand, 'wildcard')),
  'anything-but': anythingBut,
  numeric,
  cidr,
};

function text(operand: unknown, operator: string): string {
  if (typeof operand !== 'string') throw new PatternError(`${operator} takes a string`);
  return operand;
}

function affix(operand: unknown, has: (value: string, part: string) => boolean): LeafTest {
  if (isObject(operand) && 'equals-ignore-case' in operand) {
    const part = text(operand['equals-ignore-case'], 'equals-ignore-case').toLowerCase();
    return (value) => typeof value === 'string' && has(value.toLowerCase(), part);
  }
  const part = text(operand, 'prefix and suffix');
  return (value) => typeof value === 'string' && has(value, part);
}

/** `*` stands for any characters; `\*` and `\\` for themselves. */
function wildcard(pattern: string): LeafTest {
  if (/(?<!\\)\*\*/.test(pattern)) throw new PatternError('a wildcard has no two stars in a row');
  const source = pattern.replace(/\\[*\\]|\*|[.+?^${}()|[\]\\]/g, (part) => (part === '*' ? '.*' : escaped(part)));
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
}

function escaped(part: string): string {
  return part.length === 2 ? part : `\\${part}`;
}

/** Of a value, several, or what an operator, or one of several operands of it, matches. */
function anythingBut(operand: unknown): LeafTest {
  if (!isObject(operand)) {
    const values = Array.isArray(operand) ? operand : [operand];
    if (values.length === 0 || values.some((value) => isObject(value) || Array.isArray(value))) {
      throw new PatternError('anything-but takes values');
    }
    return (value) => !values.includes(value);
  }
  const [operator = ''] = Object.keys(operand);
  const compile = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator)
    ? OPERATORS[operator]
    : undefined;
  if (compile === undefined) throw new PatternError(`anything-but takes no ${operator}`);
  const operands: unknown = operand[operator];
  const tests = (Array.isArray(operands) ? operands : [operands]).map(compile);
  return (value) => !tests.some((test) => test(value));
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
};

/** Numbers of JSON alone: a DynamoDB number is a string in the event, and never matches, as on AWS. */
function numeric(operand: unknown): LeafTest {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0 || operand.length > 4) {
    throw new PatternError('numeric takes a comparison, or a range of two');
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const operator: unknown = operand[at];
    const bound: unknown = operand[at + 1];
    const compare =
      typeof operator === 'string' && Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
    if (compare === undefined || typeof bound !== 'number') throw new PatternError('numeric compares with numbers');
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function cidr(operand: unknown): LeafTest {
  const [address = '', bits = ''] = text(operand, 'cidr').split('/');
  const family = isIP(address);
  const block = new BlockList();
  try {
    block.addSubnet(address, bits === '' ? (family === 6 ? 128 : 32) : Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  } catch {
    throw new PatternError('cidr takes an address block');
  }
  return (value) =>
    typeof value === 'string' && isIP(value) !== 0 && block.check(value, isIP(value) === 6 ? 'ipv6' : 'ipv4');
}
