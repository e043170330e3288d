import { collectBody, lengthHeader } from './body.js';
import { errorDetail } from './error-detail.js';
import { writeErrorMembers } from './error-members.js';
import { type EventFormat, encodeEventStream, isEventStream } from './event-stream.js';
import { parseJson, rpcJson } from './json-format.js';
import type { Match, Mismatch, ProtocolCodec } from './protocol-codec.js';
import { queryErrorHeader, requestIdHeader } from './rpc-headers.js';
import { ServiceError } from './service-error.js';
import type { ServiceModel } from './service-model.js';
import { unitShape } from './shape-of.js';
import { readTree } from './tree-reader.js';
import { writeStructure } from './tree-writer.js';
import type { WireRequest, WireResponse } from './wire-message.js';

type JsonProtocol = 'awsJson1_0' | 'awsJson1_1';

const contentTypes: Readonly<Record<JsonProtocol, string>> = {
  awsJson1_0: 'application/x-amz-json-1.0',
  awsJson1_1: 'application/x-amz-json-1.1',
};

/** AWS JSON 1.0 and 1.1: the operation in `X-Amz-Target`, JSON both ways (Smithy, "AWS JSON protocols"). */
export function awsJson(protocol: JsonProtocol): ProtocolCodec {
  const respond = (status: number, body: string, requestId: string): WireResponse => ({
    status,
    headers: { 'content-type': contentTypes[protocol], ...lengthHeader(body), ...requestIdHeader(requestId) },
    body,
  });
  return {
    protocol,
    claims: (model, request) => claims(model, request, protocol),
    match: (model, request) => match(model, request, protocol),
    decodeInput: async (_model, { operation }, request) =>
      readTree(operation.input, parseJson(await collectBody(request.body)), rpcJson) as object,
    encodeOutput: (_model, { operation }, output, requestId) => {
      if (operation.output === unitShape) return respond(200, '', requestId);
      const stream = operation.output.members.find(isEventStream);
      if (stream?.shape.kind === 'union') {
        const { [stream.name]: events, ...rest } = { ...output } as Record<string, unknown>;
        const initial = JSON.stringify(writeStructure(operation.output, rest, rpcJson));
        const headers = { 'content-type': 'application/vnd.amazon.eventstream', ...requestIdHeader(requestId) };
        return { status: 200, headers, body: encodeEventStream(stream.shape, events, eventFormat, initial) };
      }
      return respond(200, JSON.stringify(writeStructure(operation.output, { ...output }, rpcJson)), requestId);
    },
    encodeError: (model, error, requestId) => {
      const detail = errorDetail(model, protocol, error);
      const body = { __type: detail.shapeName, ...writeErrorMembers(detail, rpcJson) };
      const response = respond(detail.httpStatus, JSON.stringify(body), requestId);
      return { ...response, headers: { ...response.headers, ...queryErrorHeader(model, detail) } };
    },
  };
}

const eventFormat: EventFormat = {
  contentType: 'application/json',
  writeDocument: ({ shape }, value) =>
    JSON.stringify(shape.kind === 'structure' ? writeStructure(shape, value, rpcJson) : value),
};

function claims(model: ServiceModel, request: WireRequest, protocol: JsonProtocol): boolean {
  if (request.headers['x-amz-target'] === undefined) return false;
  const versions = model.definition.protocols.filter((other) => other === 'awsJson1_0' || other === 'awsJson1_1');
  const contentType = request.headers['content-type'] ?? '';
  if (versions.length > 1) return contentType.startsWith(contentTypes[protocol]);
  return !contentType.startsWith('application/x-amz-cbor');
}

function match(model: ServiceModel, request: WireRequest, protocol: JsonProtocol): Match | Mismatch {
  // Some clients write CloudTrail's prefix in full: `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101`.
  const [prefix, name = ''] = (request.headers['x-amz-target'] ?? '').split('.').slice(-2);
  const operation = prefix === model.definition.targetPrefix ? model.operations.get(name) : undefined;
  if (operation !== undefined) return { kind: 'operation', protocol, operation, labels: new Map() };
  return { kind: 'unknown', protocol, error: new ServiceError('UnknownOperationException', '') };
}
