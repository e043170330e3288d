import { Readable } from 'node:stream';
import { collectBody, lengthHeader, streamBody } from './body.js';
import { encodeEventStream, isEventStream } from './event-stream.js';
import {
  bindingsOf,
  type HttpBindings,
  isStreamingBlob,
  readHttpMembers,
  successStatus,
  writeHeaders,
} from './http-binding.js';
import type { Match, Mismatch } from './protocol-codec.js';
import { routeRequest } from './rest-router.js';
import type { ServiceError } from './service-error.js';
import type { ServiceModel } from './service-model.js';
import type { Member, StructureShape } from './shape.js';
import { isPresent, toBytes } from './tree-writer.js';
import type { Protocol, WireRequest, WireResponse } from './wire-message.js';

/** What REST-JSON and REST-XML do differently: the documents in their bodies. */
export interface DocumentFormat {
  readonly protocol: Protocol;
  readonly contentType: string;
  /** The members of a body that holds several. */
  readMembers(shape: StructureShape, members: readonly Member[], body: Buffer): Record<string, unknown>;
  /** A structure, list or map that is the whole body. */
  readPayload(member: Member, body: Buffer): unknown;
  writeMembers(model: ServiceModel, match: Match, members: readonly Member[], output: Record<string, unknown>): string;
  writePayload(model: ServiceModel, member: Member, value: unknown): string;
  /** What the service answers to a request for no operation that it has. */
  unknownOperation(request: WireRequest): ServiceError;
  malformedUri(): ServiceError;
}

export function matchRest(format: DocumentFormat, model: ServiceModel, request: WireRequest): Match | Mismatch {
  const { protocol } = format;
  try {
    const found = routeRequest(model, request);
    if (found !== undefined) return { kind: 'operation', protocol, operation: found.operation, labels: found.labels };
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return { kind: 'unknown', protocol, error: format.malformedUri() };
  }
  return { kind: 'unknown', protocol, error: format.unknownOperation(request) };
}

export async function decodeRestInput(format: DocumentFormat, match: Match, request: WireRequest): Promise<object> {
  const bindings = bindingsOf(match.operation.input);
  const input = readHttpMembers(bindings, match.labels, request);
  const { payload } = bindings;
  if (payload !== undefined && isStreamingBlob(payload)) return { ...input, [payload.name]: streamBody(request.body) };
  const body = await collectBody(request.body);
  if (body.length === 0) return input;
  if (payload !== undefined) return { ...input, [payload.name]: readPayload(format, payload, body) };
  if (bindings.body.length === 0) return input;
  return { ...input, ...format.readMembers(match.operation.input, bindings.body, body) };
}

function readPayload(format: DocumentFormat, member: Member, body: Buffer): unknown {
  if (member.shape.kind === 'blob') return new Uint8Array(body);
  return member.shape.kind === 'string' ? body.toString('utf8') : format.readPayload(member, body);
}

export function encodeRestOutput(
  format: DocumentFormat,
  model: ServiceModel,
  match: Match,
  output: Record<string, unknown>,
  requestIdHeaders: Record<string, string>,
): WireResponse {
  const bindings = bindingsOf(match.operation.output);
  const bound = writeHeaders(bindings, output);
  const status = successStatus(bindings, output, bound, match.operation.http?.status ?? 200);
  const { body, contentType } = writeBody(format, model, match, bindings, output);
  const isEmpty = hasNoBody(status);
  const length = isEmpty || bound['content-length'] !== undefined ? {} : lengthHeader(body);
  const type: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
  return { status, headers: { ...type, ...length, ...bound, ...requestIdHeaders }, body: isEmpty ? '' : body };
}

/** Statuses whose responses have no body (RFC 9110 §6.4.1). */
export function hasNoBody(status: number): boolean {
  return status === 204 || status === 304;
}

function writeBody(
  format: DocumentFormat,
  model: ServiceModel,
  match: Match,
  bindings: HttpBindings,
  output: Record<string, unknown>,
): { body: Buffer | Readable | string; contentType?: string } {
  const { payload } = bindings;
  if (payload === undefined) {
    if (bindings.body.length === 0) return { body: '' };
    return { body: format.writeMembers(model, match, bindings.body, output), contentType: format.contentType };
  }
  const value = output[payload.name];
  if (!isPresent(value)) return { body: '' };
  if (payload.shape.kind === 'union' && isEventStream(payload)) {
    const { contentType } = format;
    const events = {
      contentType,
      writeDocument: (member: Member, item: object) => format.writePayload(model, member, item),
    };
    return { body: encodeEventStream(payload.shape, value, events), contentType: 'application/vnd.amazon.eventstream' };
  }
  if (payload.shape.kind === 'blob') return { body: blobBody(value), contentType: 'application/octet-stream' };
  if (payload.shape.kind === 'string')
    return { body: String(value), contentType: payload.traits.mediaType ?? 'text/plain' };
  return { body: format.writePayload(model, payload, value), contentType: format.contentType };
}

function blobBody(value: unknown): Buffer | Readable {
  if (value instanceof Readable) return value;
  const bytes = toBytes(value);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
