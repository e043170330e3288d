import { invalidParameter } from './logs-errors.js';

/** Whether a message matches. */
export type MessageFilter = (message: string) => boolean;

export function invalidPattern(): Error {
  return invalidParameter('Invalid filter pattern');
}

/** `%…%`: a regular expression of few means. */
export function regexFilter(expression: string): MessageFilter {
  try {
    const regex = new RegExp(expression);
    return (text) => regex.test(text);
  } catch {
    throw invalidPattern();
  }
}

/** Text with `*` for any characters. */
export function wildcardFilter(text: string): MessageFilter {
  const source = text.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const regex = new RegExp(`^${source.join('.*')}$`, 's');
  return (value) => regex.test(value);
}
