import { jsonPattern } from './json-pattern.js';
import { invalidPattern, type MessageFilter, regexFilter } from './pattern-basics.js';
import { spacePattern } from './space-pattern.js';

/**
 * Reads a filter pattern in any of its three forms: terms, `{ … }` for JSON events, `[ … ]` for space-delimited ones.
 * Throws InvalidParameterException for one that is none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compilePattern(pattern: string): MessageFilter {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) return jsonPattern(text);
  if (text.startsWith('[')) return spacePattern(text);
  return termPattern(text);
}

/** All terms must be there, none of those with `-`, and, if there are any with `?`, one of them. */
function termPattern(text: string): MessageFilter {
  const required: MessageFilter[] = [];
  const optional: MessageFilter[] = [];
  const excluded: MessageFilter[] = [];
  const terms = /([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s"%]+))(?:\s+|$)/y;
  let at = 0;
  while (at < text.length) {
    terms.lastIndex = at;
    const match = terms.exec(text);
    if (match === null) throw invalidPattern();
    const [whole, sign, quoted, expression, word] = match;
    at += whole.length;
    // Without quotes, a term has letters, digits and underscores only.
    if (word !== undefined && !/^[\w*.]+$/.test(word)) throw invalidPattern();
    const term = quoted?.replace(/\\(.)/g, '$1') ?? word ?? '';
    const filter = expression === undefined ? (message: string) => message.includes(term) : regexFilter(expression);
    if (sign === '?') optional.push(filter);
    else if (sign === '-') excluded.push(filter);
    else required.push(filter);
  }
  return (message) =>
    required.every((filter) => filter(message)) &&
    // A term with ? says nothing beside one without.
    (optional.length === 0 || required.length > 0 || optional.some((filter) => filter(message))) &&
    !excluded.some((filter) => filter(message));
}
