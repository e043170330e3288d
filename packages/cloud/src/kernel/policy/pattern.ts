import type { ConditionContext } from './condition-context.js';

const ANY = Symbol('*');
const ONE = Symbol('?');
type Token = string | typeof ANY | typeof ONE;

interface Variable {
  readonly key: string;
  /** What stands for the variable when the request has no such key. */
  readonly fallback: string | undefined;
}

/** `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`, `${$}` for the characters themselves. */
const VARIABLE = /\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/g;

export interface PatternOptions {
  /** Policies of version 2012-10-17 have variables; in older ones `${…}` is plain text. */
  readonly variables: boolean;
  /** Whether `*` and `?` stand for other characters. */
  readonly wildcards: boolean;
  readonly ignoresCase?: boolean;
}

/**
 * Text of a policy that values are held against. The value of a variable matches itself only: what wildcards it holds
 * are plain characters. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export class Pattern {
  readonly #parts: readonly (readonly Token[] | Variable)[];
  readonly #fixed: readonly Token[] | undefined;

  constructor(
    readonly text: string,
    private readonly options: PatternOptions,
  ) {
    this.#parts = this.#parse();
    this.#fixed = this.#parts.some(isVariable)
      ? undefined
      : this.#parts.flatMap((part) => (isVariable(part) ? [] : part));
  }

  /** The keys of its variables. */
  get variableKeys(): readonly string[] {
    return this.#parts.filter(isVariable).map(({ key }) => key);
  }

  /** False as well when a variable has no value. */
  matches(value: string, context: ConditionContext): boolean {
    const tokens = this.#fixed ?? this.#resolve(context);
    return tokens !== undefined && matchTokens(tokens, this.#folded(value));
  }

  /** The text with its variables replaced; undefined when one has no value. */
  resolved(context: ConditionContext): string | undefined {
    const tokens = this.#fixed ?? this.#resolve(context);
    return tokens?.map((token) => (token === ANY ? '*' : token === ONE ? '?' : String(token))).join('');
  }

  #resolve(context: ConditionContext): Token[] | undefined {
    const tokens: Token[] = [];
    for (const part of this.#parts) {
      if (!isVariable(part)) {
        tokens.push(...part);
        continue;
      }
      const values = context.get(part.key);
      const value = values === undefined ? part.fallback : values.length === 1 ? values[0] : undefined;
      if (value === undefined) return undefined;
      tokens.push(...this.#folded(value));
    }
    return tokens;
  }

  #parse(): (readonly Token[] | Variable)[] {
    if (!this.options.variables) return [this.#tokens(this.text)];
    const parts: (readonly Token[] | Variable)[] = [];
    let end = 0;
    for (const match of this.text.matchAll(VARIABLE)) {
      parts.push(this.#tokens(this.text.slice(end, match.index)));
      end = match.index + match[0].length;
      const key = match[1] ?? '';
      parts.push(key === '*' || key === '?' || key === '$' ? [key] : { key, fallback: match[2] });
    }
    parts.push(this.#tokens(this.text.slice(end)));
    return parts;
  }

  #tokens(text: string): Token[] {
    const characters = [...this.#folded(text)];
    if (!this.options.wildcards) return characters;
    return characters.map((char) => (char === '*' ? ANY : char === '?' ? ONE : char));
  }

  #folded(text: string): string {
    return this.options.ignoresCase === true ? text.toLowerCase() : text;
  }
}

function isVariable(part: readonly Token[] | Variable): part is Variable {
  return 'key' in part;
}

/** In time proportional to the product of both lengths at most, whatever the pattern. */
function matchTokens(tokens: readonly Token[], text: string): boolean {
  const characters = [...text];
  let token = 0;
  let at = 0;
  let star = -1;
  let retryAt = 0;
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === ANY) {
      star = token++;
      retryAt = at;
    } else if (token < tokens.length && (wanted === ONE || wanted === characters[at])) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  while (tokens[token] === ANY) token++;
  return token === tokens.length;
}
