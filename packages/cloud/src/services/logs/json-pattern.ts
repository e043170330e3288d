import { readComparison, type ValueTest } from './comparison.js';
import { invalidPattern, type MessageFilter } from './pattern-basics.js';
import { PatternTokens } from './pattern-tokens.js';

type Predicate = (event: unknown) => boolean;

/** `{ ($.level = "ERROR" || $.code >= 500) && $.user NOT EXISTS }`, for messages that are JSON. */
export function jsonPattern(text: string): MessageFilter {
  if (!text.endsWith('}')) throw invalidPattern();
  const tokens = new PatternTokens(text.slice(1, -1));
  const predicate = readOr(tokens);
  if (!tokens.isAtEnd) throw invalidPattern();
  return (message) => {
    let event: unknown;
    try {
      event = JSON.parse(message);
    } catch {
      return false;
    }
    return typeof event === 'object' && event !== null && !Array.isArray(event) && predicate(event);
  };
}

function readOr(tokens: PatternTokens): Predicate {
  const parts = [readAnd(tokens)];
  while (tokens.take('||')) parts.push(readAnd(tokens));
  return (event) => parts.some((part) => part(event));
}

function readAnd(tokens: PatternTokens): Predicate {
  const parts = [readCondition(tokens)];
  while (tokens.take('&&')) parts.push(readCondition(tokens));
  return (event) => parts.every((part) => part(event));
}

function readCondition(tokens: PatternTokens): Predicate {
  if (tokens.take('(')) {
    const inner = readOr(tokens);
    tokens.expect(')');
    return inner;
  }
  const path = readPath(tokens);
  if (tokens.take('NOT')) {
    tokens.expect('EXISTS');
    return (event) => valuesAt(event, path).length === 0;
  }
  if (tokens.take('EXISTS')) return (event) => valuesAt(event, path).length > 0;
  const test = tokens.take('IS') ? readIs(tokens) : readComparison(tokens);
  return (event) => valuesAt(event, path).some(test);
}

function readIs(tokens: PatternTokens): ValueTest {
  if (tokens.take('NOT')) {
    tokens.expect('NULL');
    return (value) => value !== null;
  }
  if (tokens.take('NULL')) return (value) => value === null;
  if (tokens.take('TRUE')) return (value) => value === true;
  tokens.expect('FALSE');
  return (value) => value === false;
}

type Step = string | number | '*';

/** `$.a.b[0].c`, `$.a[*].b`, `$['a.b']`. */
function readPath(tokens: PatternTokens): Step[] {
  const token = tokens.next();
  if (token.kind !== 'word' || !token.text.startsWith('$')) throw invalidPattern();
  const steps: Step[] = [];
  const step = /\.([^.[\]]+)|\[(\d+)\]|\[(\*)\]|\['([^']+)'\]/y;
  let at = 1;
  while (at < token.text.length) {
    step.lastIndex = at;
    const match = step.exec(token.text);
    if (match === null) throw invalidPattern();
    const [whole, name, index, any, quoted] = match;
    at += whole.length;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? quoted ?? any ?? '');
  }
  if (steps.length === 0) throw invalidPattern();
  return steps;
}

function valuesAt(value: unknown, path: readonly Step[]): unknown[] {
  let found: unknown[] = [value];
  for (const step of path) {
    found = found.flatMap((one) => {
      if (Array.isArray(one)) return step === '*' ? one : typeof step === 'number' && step in one ? [one[step]] : [];
      if (typeof one !== 'object' || one === null || typeof step === 'number') return [];
      return Object.entries(one).flatMap(([name, inner]) => (name === step ? [inner] : []));
    });
  }
  return found;
}
