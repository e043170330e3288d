import assert from 'node:assert/strict';
import type { Answer, Target } from './target.js';

/** An error as `Code: message`; `no error` for a success. */
export function refusalOf({ status, body }: Answer): string {
  if (status === 200) return 'no error';
  const code = String(body.__type).replace(/^.*#/, '');
  return `${code}: ${body.message ?? body.Message ?? ''}`;
}

/** One request that must be refused: what is wrong with it, its input, and the error as `Code: message`. */
export type Refusal = readonly [what: string, input: unknown, error: string | RegExp];

export const INVALID = 'ValidationException: ';

export async function expectRefusal(
  target: Target,
  operation: string,
  input: unknown,
  error: string | RegExp,
): Promise<void> {
  const answer = await target.send(operation, input);
  const refusal = refusalOf(answer);
  if (typeof error === 'string') assert.equal(refusal, error);
  else assert.match(refusal, error);
  assert.equal(answer.status, 400);
}
