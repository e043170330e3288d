import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
const TIMEOUT_MS = 15_000;

/** How an endpoint took a message; what may be otherwise next time is tried again. */
export type PostResult = { readonly kind: 'taken' } | { readonly kind: 'refused' | 'failed'; readonly reason: string };

/** Sends a message to an HTTP or HTTPS endpoint; never rejects. */
export function postMessage(url: string, headers: Record<string, string>, body: string): Promise<PostResult> {
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve({ kind: 'failed', reason: error.message });
    try {
      const send = url.startsWith('https:') ? httpsRequest : httpRequest;
      const options = { method: 'POST', headers, agent: false, timeout: TIMEOUT_MS };
      const outgoing = send(url, options, (response) => {
        response.resume();
        response.on('error', failed);
        response.on('end', () => resolve(resultOf(response.statusCode ?? 0)));
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      outgoing.on('error', failed);
      outgoing.end(body);
    } catch (error) {
      // An address that is none.
      failed(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function resultOf(status: number): PostResult {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const isFinal = status >= 400 && status < 500 && status !== 429;
  return { kind: isFinal ? 'refused' : 'failed', reason: `status ${status}` };
}
