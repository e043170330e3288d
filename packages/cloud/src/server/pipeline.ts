import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Estate } from './estate.js';
import { Exchange } from './exchange.js';
import type { OriginGuard } from './origin-guard.js';
import { PRIVATE_PREFIX, type PrivateApi } from './private-api.js';
import { readHead } from './request-head.js';
import { serveRequest } from './serve-request.js';
import { serviceOf } from './service-of.js';

/**
 * Every request's way through the endpoint, those of the fast lane excepted, which go to DynamoDbEndpoint straight:
 *
 *     receive ── origin check ── which service? ─┬─ /_tablewright/…  private API
 *                     │ 403                      ├─ DynamoDB         parse → engine → bytes   (DynamoDbEndpoint)
 *                                                └─ all others       operation → decode → handle → encode
 *                                                                                            (serveRequest)
 *     each of them ends in Exchange.answer or .log, which writes the request log.
 */
export function receive(
  estate: Estate,
  guard: OriginGuard,
  privateApi: PrivateApi,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const exchange = new Exchange(estate.kernel, estate.outbox, request, response);
  try {
    route(estate, guard, privateApi, exchange);
  } catch (fault) {
    estate.kernel.reportFault(`${request.method} ${request.url}`, fault);
    exchange.errorCode = 'InternalFailure';
    exchange.answer(500, [], '');
  }
}

function route(estate: Estate, guard: OriginGuard, privateApi: PrivateApi, exchange: Exchange): void {
  const head = readHead(exchange.request.rawHeaders);
  // https://www.rfc-editor.org/rfc/rfc9112#section-3.2
  if (head.host?.includes(',') === true) {
    refuse(exchange, 400, 'Bad Request: more than one Host header');
    return;
  }
  const refusal = guard.refusal(head);
  if (refusal !== undefined) {
    refuse(exchange, 403, `Forbidden: ${refusal}`);
    return;
  }
  // AWS's own clients never ask; only a browser does, for a page that is not served from here.
  if (exchange.request.method === 'OPTIONS' && head.origin !== undefined) {
    refuse(exchange, 403, 'Forbidden: cross-origin requests are refused');
    return;
  }
  if (exchange.request.url?.startsWith(PRIVATE_PREFIX) === true) {
    privateApi.receive(exchange);
    return;
  }

  if (head.target?.startsWith('DynamoDB_20120810.') === true) {
    estate.dynamodb.receive(exchange, head);
    return;
  }
  const service = serviceOf(exchange.request, head);
  if (service === 'dynamodb') {
    estate.dynamodb.receive(exchange, head);
    return;
  }
  serveRequest(estate, exchange, head, service);
}

function refuse(exchange: Exchange, status: 400 | 403, message: string): void {
  exchange.request.resume();
  exchange.operation = 'refused';
  exchange.errorCode = status === 400 ? 'BadRequest' : 'Forbidden';
  exchange.answer(status, ['content-type', 'application/json'], JSON.stringify({ message }));
}
