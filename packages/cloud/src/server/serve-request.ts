import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Credential, isCredentialFault } from '../kernel/credential.js';
import type { Kernel } from '../kernel/kernel.js';
import { ChunkSignatures } from '../kernel/signature/chunk-signatures.js';
import type { LoadedService, ServiceRegistry } from '../services/registry.js';
import type { RequestContext } from '../services/service.js';
import {
  decodeInput,
  encodeError,
  encodeOutput,
  type Match,
  type Mismatch,
  matchOperation,
  ServiceError,
  type WireRequest,
  type WireResponse,
} from '../wire/index.js';
import { AwsChunkedDecoder, isAwsChunked } from './aws-chunked.js';
import type { Exchange, FlatHeaders } from './exchange.js';
import { notEmulated } from './not-emulated.js';
import { readBody } from './request-body.js';
import type { RequestHead } from './request-head.js';
import { credentialOf } from './service-of.js';
import { answerUnknownService } from './unknown-service.js';
import { wireRequest } from './wire-request.js';

/** All services but DynamoDB: operation → decode → handle → encode, driven by the SDK's schemas. */
export function serveRequest(
  parts: { readonly kernel: Kernel; readonly services: ServiceRegistry },
  exchange: Exchange,
  head: RequestHead,
  serviceName: string,
): void {
  exchange.service = serviceName;
  exchange.requestId = parts.kernel.requestIds.uuid();
  const loading = parts.services.load(serviceName);
  if (loading === undefined) {
    answerUnknownService(exchange, head);
    return;
  }
  loading
    .then((service) => collect(exchange, head, service))
    .then(({ service, request }) => serve(exchange, head, service, request))
    .catch((fault) => {
      parts.kernel.reportFault(`${serviceName} ${exchange.request.method} ${exchange.request.url}`, fault);
      exchange.errorCode = 'InternalFailure';
      exchange.answer(500, ['x-amzn-requestid', exchange.requestId], '');
    });
}

interface Collected {
  readonly service: LoadedService;
  readonly request: WireRequest;
}

/** Collects the body, or lets it stream where the service takes streams. */
function collect(exchange: Exchange, head: RequestHead, service: LoadedService): Promise<Collected> {
  const { request } = exchange;
  if (service.model.streamsInput) {
    request.on('data', (chunk: Buffer) => {
      exchange.requestBytes += chunk.length;
    });
    request.pause();
    return Promise.resolve({ service, request: wireRequest(request, bodyStream(exchange, head)) });
  }
  return new Promise((resolve) => {
    readBody(request, service.bodyLimitBytes, (body) => {
      exchange.requestBytes = body?.length ?? service.bodyLimitBytes;
      if (body === undefined) exchange.answer(413, ['x-amzn-requestid', exchange.requestId], '');
      else resolve({ service, request: wireRequest(request, body) });
    });
  });
}

function bodyStream(exchange: Exchange, head: RequestHead): Readable {
  const { request, kernel } = exchange;
  if (!isAwsChunked(request.headers)) return request;
  const credential = credentialOf(request, head);
  const key = isCredentialFault(credential) ? undefined : kernel.ports.identity.issuedKey(credential.accessKeyId);
  const signed = { ...wireRequest(request, request), body: undefined };
  const decoder = new AwsChunkedDecoder(key && ChunkSignatures.of(signed, key));
  request.on('error', (error) => decoder.destroy(error));
  return request.pipe(decoder);
}

async function serve(
  exchange: Exchange,
  head: RequestHead,
  service: LoadedService,
  request: WireRequest,
): Promise<void> {
  exchange.begin();
  const { model } = service;
  const match = matchOperation(model, request);
  exchange.operation = match.kind === 'operation' ? match.operation.name : 'unknown';
  let response: WireResponse;
  try {
    response = await respond(exchange, head, service, request, match);
  } catch (error) {
    response = encodeError(model, match.protocol, shownError(exchange, error), exchange.requestId);
  }
  await send(exchange, service.finish?.(request, response) ?? response);
}

async function respond(
  exchange: Exchange,
  head: RequestHead,
  service: LoadedService,
  sent: WireRequest,
  match: Match | Mismatch,
): Promise<WireResponse> {
  const credential = acceptedCredential(exchange, head, service, sent);
  const request = service.admit?.(sent) ?? sent;
  if (match.kind === 'unknown') throw match.error;
  const handler = service.handlers[match.operation.name];
  if (handler === undefined) throw notEmulated(service.title, match.operation.name);
  const input = await decodeInput(service.model, match, request);
  exchange.resource = resourceOf(input, service.resourceMember);
  // The table of handlers is typed operation by operation; the name that the wire layer matched ties the two.
  const context = contextOf(exchange, credential, request);
  const run = (): object | Promise<object> => handler(context, input as never);
  const output = await throughGates(exchange, context, credential, service, match.operation.name, input, run);
  const response = encodeOutput(service.model, match, output, exchange.requestId);
  const status = service.statusOf?.(output);
  return status === undefined ? response : { ...response, status };
}

function throughGates(
  exchange: Exchange,
  context: RequestContext,
  { accessKeyId }: Credential,
  service: LoadedService,
  operation: string,
  input: object,
  run: () => object | Promise<object>,
): object | Promise<object> {
  const { kernel, caller, principal, requestId } = context;
  const { name } = service.definition;
  if (!kernel.gates.standBefore(name, operation, accessKeyId)) return run();
  const { userAgent, sourceIp } = exchange;
  const request = { service: name, operation, caller, principal, accessKeyId, input, requestId, userAgent, sourceIp };
  return kernel.gates.pass(request, run);
}

function acceptedCredential(
  exchange: Exchange,
  head: RequestHead,
  service: LoadedService,
  request: WireRequest,
): Credential {
  const given = credentialOf(exchange.request, head);
  if (isCredentialFault(given)) throw service.credentialError(given);
  const body = Buffer.isBuffer(request.body) ? request.body : undefined;
  const credential = exchange.kernel.accept(given, () => ({ ...request, body }));
  if (isCredentialFault(credential)) throw service.credentialError(credential);
  exchange.accountId = credential.accountId;
  exchange.region = credential.region;
  return credential;
}

function contextOf(exchange: Exchange, credential: Credential, request: WireRequest): RequestContext {
  return {
    kernel: exchange.kernel,
    caller: { accountId: credential.accountId, region: credential.region },
    principal: exchange.kernel.principalOf(credential),
    requestId: exchange.requestId,
    headers: request.headers,
    endpointUrl: `http://${request.headers.host ?? 'localhost'}`,
    whenAbandoned: (action) => {
      const { response } = exchange;
      if (response.destroyed) action();
      else response.once('close', () => response.writableEnded || action());
    },
  };
}

function resourceOf(input: object, member: string | undefined): string {
  const value = member === undefined ? undefined : Object.entries(input).find(([name]) => name === member)?.[1];
  return typeof value === 'string' ? value : '';
}

function shownError(exchange: Exchange, error: unknown): ServiceError {
  if (error instanceof ServiceError) {
    exchange.errorCode = error.code;
    return error;
  }
  exchange.kernel.reportFault(`${exchange.service} ${exchange.operation}`, error);
  exchange.errorCode = 'InternalFailure';
  const message = 'The request processing has failed because of an unknown error, exception or failure.';
  return new ServiceError('InternalFailure', message, { httpStatus: 500, fault: 'server' });
}

async function send(exchange: Exchange, response: WireResponse): Promise<void> {
  // An error may leave part of the request unread; it is drained so that the connection stays usable.
  exchange.request.resume();
  const headers: FlatHeaders = Object.entries(response.headers).flat();
  const { body } = response;
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    const sizeBytes = Buffer.byteLength(body);
    const bodyless = exchange.request.method === 'HEAD' || response.status === 204 || response.status === 304;
    exchange.answerAs(response.status, headers, bodyless ? '' : body, bodyless ? 0 : sizeBytes);
    return;
  }
  exchange.response.writeHead(response.status, headers);
  try {
    await pipeline(body, exchange.response);
  } catch {
    // The client hung up, or the file broke off; the connection is gone and the client sees a short body.
    exchange.errorCode = 'ResponseAborted';
  }
  exchange.log(response.status, exchange.response.socket?.bytesWritten ?? 0);
}
