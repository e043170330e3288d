import type { ConditionContext } from './condition-context.js';
import { Pattern } from './pattern.js';

const PARTS = 6;

/**
 * An ARN of a policy. Each of its six parts is held against the same part of the value, so that a `*` does not reach
 * over a colon, except in the last part. Text that is no ARN (`*`) is a plain pattern, and so is one that leaves parts
 * out at its end (`arn:aws:dynamodb:*`).
 */
export class ArnPattern {
  readonly #parts: readonly Pattern[];
  readonly #whole: Pattern;

  constructor(
    readonly text: string,
    variables: boolean,
  ) {
    this.#whole = new Pattern(text, { variables, wildcards: true });
    const parts = splitArn(text);
    this.#parts = parts === undefined ? [] : parts.map((part) => new Pattern(part, { variables, wildcards: true }));
  }

  get variableKeys(): readonly string[] {
    return this.#whole.variableKeys;
  }

  matches(value: string, context: ConditionContext): boolean {
    const parts = splitArn(value);
    if (this.#parts.length === 0 || parts === undefined) {
      const isShort = this.text.startsWith('arn:') && !this.text.endsWith('*') && parts !== undefined;
      return !isShort && this.#whole.matches(value, context);
    }
    return this.#parts.every((pattern, index) => pattern.matches(parts[index] ?? '', context));
  }
}

/** The six parts; colons within variables do not count. Undefined for text that has fewer. */
function splitArn(text: string): string[] | undefined {
  if (!text.startsWith('arn:') && !/^(\*|arn[*?]|\$\{)/.test(text)) return undefined;
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length && parts.length < PARTS - 1; at++) {
    if (text.startsWith('${', at)) depth++;
    else if (text[at] === '}' && depth > 0) depth--;
    else if (text[at] === ':' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (parts.length < PARTS - 1) return undefined;
  parts.push(text.slice(start));
  return parts;
}
