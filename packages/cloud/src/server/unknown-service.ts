import { isCredentialFault } from '../kernel/credential.js';
import type { Exchange } from './exchange.js';
import type { RequestHead } from './request-head.js';
import { credentialOf } from './service-of.js';

/**
 * The answer for services that the endpoint does not have: an error that clients of every protocol can read, with
 * a 4xx status, because clients retry a 5xx for minutes.
 */
export function answerUnknownService(exchange: Exchange, head: RequestHead): void {
  const credential = credentialOf(exchange.request, head);
  if (!isCredentialFault(credential)) {
    exchange.accountId = credential.accountId;
    exchange.region = credential.region;
  }
  exchange.errorCode = 'UnknownOperationException';
  const { request } = exchange;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  request.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    // An operation's name stands early in a form; the rest is of no interest.
    if (sizeBytes <= 64 * 1024) chunks.push(chunk);
  });
  request.on('end', () => {
    exchange.requestBytes = sizeBytes;
    const form = String(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
    const action = form ? new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('Action') : null;
    exchange.operation = action ?? head.target?.split('.').at(-1) ?? `${request.method} ${pathOf(request.url)}`;
    const message = `${exchange.service}: ${exchange.operation} is not emulated by this endpoint`;
    if (form) answerXml(exchange, message);
    else answerJson(exchange, message);
  });
}

function pathOf(url: string | undefined): string {
  return (url ?? '/').split('?')[0] ?? '/';
}

function answerXml(exchange: Exchange, message: string): void {
  const text = message.replace(/[<>&]/g, (char) => `&#${char.charCodeAt(0)};`);
  const error = `<Error><Type>Sender</Type><Code>UnknownOperationException</Code><Message>${text}</Message></Error>`;
  const body = `<ErrorResponse>${error}<RequestId>${exchange.requestId}</RequestId></ErrorResponse>`;
  exchange.answer(400, ['content-type', 'text/xml', 'x-amzn-requestid', exchange.requestId], body);
}

function answerJson(exchange: Exchange, message: string): void {
  const body = JSON.stringify({ __type: 'UnknownOperationException', message });
  const type = ['content-type', 'application/x-amz-json-1.1', 'x-amzn-errortype', 'UnknownOperationException'];
  exchange.answer(400, [...type, 'x-amzn-requestid', exchange.requestId], body);
}
