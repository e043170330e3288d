import { cbor, dateToTag } from '@smithy/core/cbor';
import { collectBody, lengthHeader } from './body.js';
import { errorDetail } from './error-detail.js';
import { writeErrorMembers } from './error-members.js';
import type { Match, Mismatch, ProtocolCodec } from './protocol-codec.js';
import { queryErrorHeader, requestIdHeader } from './rpc-headers.js';
import { ServiceError } from './service-error.js';
import type { ServiceModel } from './service-model.js';
import { unitShape } from './shape-of.js';
import { validDate } from './timestamp.js';
import { readTree, serializationError, type TreeSource } from './tree-reader.js';
import { type TreeTarget, writeStructure } from './tree-writer.js';
import type { WireRequest, WireResponse } from './wire-message.js';

const protocol = 'rpcv2Cbor';
const pathPattern = /\/service\/([^/]+)\/operation\/([^/]+)$/;
const epochTag = 1;

export const cborFormat: TreeSource & TreeTarget = {
  memberKey: (member) => member.name,
  readBlob: (value) => (value instanceof Uint8Array ? new Uint8Array(value) : undefined),
  readTimestamp: (value) => {
    const seconds = isTag(value) && Number(value.tag) === epochTag ? value.value : value;
    return typeof seconds === 'number' || typeof seconds === 'bigint'
      ? validDate(Math.round(Number(seconds) * 1000))
      : undefined;
  },
  readNumber: (value) => (typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined),
  readBigInteger: (value) => (typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : undefined),
  readDocument: (value) => value,
  writeBlob: (value) => value,
  writeTimestamp: (value) => dateToTag(value),
  writeNumber: (value) => value,
};

/** Smithy RPC v2 CBOR: `POST /service/{service}/operation/{operation}`, CBOR both ways (smithy.io, "rpcv2Cbor"). */
export const rpcV2Cbor: ProtocolCodec = {
  protocol,
  claims: (_model, request) => request.headers['smithy-protocol'] === 'rpc-v2-cbor',
  match,
  decodeInput: async (_model, { operation }, request) =>
    readTree(operation.input, parseCbor(await collectBody(request.body)), cborFormat) as object,
  encodeOutput: (_model, { operation }, output, requestId) => {
    if (operation.output === unitShape) return respond(200, Buffer.alloc(0), requestId);
    return respond(200, toCbor(writeStructure(operation.output, { ...output }, cborFormat)), requestId);
  },
  encodeError: (model, error, requestId) => {
    const detail = errorDetail(model, protocol, error);
    const type = detail.shape === undefined ? detail.shapeName : `${model.namespace}#${detail.shapeName}`;
    const response = respond(
      detail.httpStatus,
      toCbor({ __type: type, ...writeErrorMembers(detail, cborFormat) }),
      requestId,
    );
    return { ...response, headers: { ...response.headers, ...queryErrorHeader(model, detail) } };
  },
};

function match(model: ServiceModel, request: WireRequest): Match | Mismatch {
  const [, service, name = ''] = pathPattern.exec(request.path) ?? [];
  const operation = service === model.definition.targetPrefix ? model.operations.get(name) : undefined;
  if (operation !== undefined && request.method === 'POST') {
    return { kind: 'operation', protocol, operation, labels: new Map() };
  }
  const error = new ServiceError('UnknownOperationException', '', { httpStatus: 404 });
  return { kind: 'unknown', protocol, error };
}

export function parseCbor(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return cbor.deserialize(body);
  } catch {
    throw serializationError('Could not parse the request body as CBOR');
  }
}

export function toCbor(value: unknown): Buffer {
  // The encoder reuses its buffer: copy what it returns.
  return Buffer.from(cbor.serialize(value));
}

function respond(status: number, body: Buffer, requestId: string): WireResponse {
  return {
    status,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      ...lengthHeader(body),
      ...requestIdHeader(requestId),
    },
    body,
  };
}

export function isTag(value: unknown): value is { tag: unknown; value: unknown } {
  return typeof value === 'object' && value !== null && 'tag' in value && 'value' in value;
}
