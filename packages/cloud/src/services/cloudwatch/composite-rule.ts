import type { AlarmState } from './alarm-record.js';
import { invalidValue } from './metric-errors.js';

/** Whether a composite alarm's rule holds; `stateOf` is asked for alarms by name or ARN. */
export type CompositeRule = (stateOf: (name: string) => AlarmState | undefined) => boolean;

const TOKEN = /\s*(?:(AND|OR|NOT|TRUE|FALSE|ALARM|OK|INSUFFICIENT_DATA)\b|([()])|"((?:[^"\\]|\\.)*)"|([^\s()"]+))/y;

/**
 * `ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA(c))`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function compileRule(text: string): CompositeRule {
  return new RuleReader(text).read();
}

/** The alarms that a rule names, by name. */
export function childrenOf(text: string): string[] {
  const names = new Set<string>();
  compileRule(text)((name) => {
    names.add(name);
    return undefined;
  });
  // Both sides of each operator are asked, so that every name has come up.
  return [...names];
}

class RuleReader {
  readonly #tokens: { readonly text: string; readonly isName: boolean }[] = [];
  #at = 0;

  constructor(private readonly text: string) {
    let at = 0;
    const end = text.trimEnd().length;
    while (at < end) {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(text);
      if (match === null) throw this.#error();
      const [whole, word, bracket, quoted, bare] = match;
      at += whole.length;
      const name = quoted?.replace(/\\(.)/g, '$1') ?? bare;
      this.#tokens.push({ text: name ?? word ?? bracket ?? '', isName: name !== undefined });
    }
  }

  read(): CompositeRule {
    const rule = this.#or();
    if (this.#at !== this.#tokens.length) throw this.#error();
    return rule;
  }

  #or(): CompositeRule {
    let left = this.#and();
    while (this.#took('OR')) {
      const [one, other] = [left, this.#and()];
      left = (stateOf) => Number(one(stateOf)) + Number(other(stateOf)) > 0;
    }
    return left;
  }

  #and(): CompositeRule {
    let left = this.#not();
    while (this.#took('AND')) {
      const [one, other] = [left, this.#not()];
      left = (stateOf) => Number(one(stateOf)) + Number(other(stateOf)) === 2;
    }
    return left;
  }

  #not(): CompositeRule {
    if (this.#took('NOT')) {
      const inner = this.#not();
      return (stateOf) => !inner(stateOf);
    }
    if (this.#took('(')) return this.#closed(this.#or());
    if (this.#took('TRUE')) return () => true;
    if (this.#took('FALSE')) return () => false;
    const state = (['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const).find((one) => this.#took(one));
    if (state === undefined || !this.#took('(')) throw this.#error();
    const token = this.#tokens[this.#at++];
    if (token === undefined || ['(', ')'].includes(token.text)) throw this.#error();
    const name = token.text.startsWith('arn:') ? token.text.slice(token.text.indexOf(':alarm:') + 7) : token.text;
    return this.#closed((stateOf) => stateOf(name) === state);
  }

  #closed(rule: CompositeRule): CompositeRule {
    if (!this.#took(')')) throw this.#error();
    return rule;
  }

  #took(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.isName || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #error(): Error {
    return invalidValue(`AlarmRule is not valid: ${this.text}`);
  }
}
