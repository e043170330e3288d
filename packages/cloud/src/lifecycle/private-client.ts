import { type IncomingMessage, request } from 'node:http';
import { delay, systemClock, UserError } from '@tablewright/base';
import type { Health } from '../server/private-api.js';

/** Calls of an endpoint's own HTTP API, from its command line. */

/** A machine that has much to do lets an endpoint wait for longer than this. */
const HEALTH_LIMIT_MS = 2000;
const ASK_AGAIN_MS = 50;

/**
 * What answers at `url` says of itself; undefined when nothing does, or something that is not this endpoint. What
 * listens and has no answer yet (the endpoint opens its data, or the machine is busy) is asked again while `isPatient`.
 */
export async function askHealth(url: string, isPatient: () => boolean = () => false): Promise<Health | undefined> {
  for (;;) {
    try {
      const { status, body } = await call('GET', `${url}/_tablewright/health`, HEALTH_LIMIT_MS);
      if (status === 200) {
        const health: unknown = JSON.parse(body);
        return isHealth(health) ? health : undefined;
      }
      if (status !== 503) return undefined;
    } catch (error) {
      if (!(error instanceof NoAnswerError)) return undefined;
    }
    if (!isPatient()) return undefined;
    await delay(systemClock, ASK_AGAIN_MS);
  }
}

class NoAnswerError extends Error {}

/** Posts, and rejects unless the answer is a success. */
export async function post(url: string, action: 'reset' | 'shutdown'): Promise<void> {
  const { status, body } = await call('POST', `${url}/_tablewright/${action}`, 60_000);
  if (status >= 300) throw new Error(`${action} answered ${status}: ${body}`);
}

/** The JSON that the endpoint answers to a call of its own API. A refusal is a UserError with its message. */
export async function ask(
  url: string,
  method: 'GET' | 'POST' | 'DELETE',
  action: string,
  input?: object,
): Promise<unknown> {
  const { status, body } = await call(method, `${url}/_tablewright/${action}`, NO_LIMIT, input);
  const answer: unknown = JSON.parse(body);
  if (status < 300) return answer;
  const isTold = typeof answer === 'object' && answer !== null && 'message' in answer;
  throw new UserError(
    isTold ? String(answer.message) : `${action} answered ${status}`,
    `See "tablewright local --help".`,
  );
}

/** The answer as it arrives; for the log that is followed. `signal` ends it. */
export function openStream(url: string, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = signal === undefined ? {} : { signal };
    request(url, options, resolve).on('error', reject).end();
  });
}

/** For what may take as long as it takes, such as advancing the clock by a year. */
const NO_LIMIT = 0;

function call(
  method: string,
  url: string,
  timeoutMs: number,
  input?: object,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, timeout: timeoutMs, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    outgoing.on('timeout', () => outgoing.destroy(new NoAnswerError(`no answer within ${timeoutMs} ms`)));
    outgoing.on('error', reject);
    outgoing.end(input === undefined ? undefined : JSON.stringify(input));
  });
}

function isHealth(value: unknown): value is Health {
  if (typeof value !== 'object' || value === null) return false;
  return 'dataDir' in value && typeof value.dataDir === 'string' && 'pid' in value && typeof value.pid === 'number';
}
