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
