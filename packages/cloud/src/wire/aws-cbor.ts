import { tag } from '@smithy/core/cbor';
import { collectBody, lengthHeader } from './body.js';
import { errorDetail } from './error-detail.js';
import { writeErrorMembers } from './error-members.js';
import type { ProtocolCodec } from './protocol-codec.js';
import { requestIdHeader } from './rpc-headers.js';
import { cborFormat, isTag, parseCbor, toCbor } from './rpc-v2-cbor.js';
import { ServiceError } from './service-error.js';
import { unitShape } from './shape-of.js';
import { validDate } from './timestamp.js';
import { readTree, type TreeSource } from './tree-reader.js';
import { type TreeTarget, writeStructure } from './tree-writer.js';
import type { WireResponse } from './wire-message.js';

const protocol = 'awsCbor1_1';
const contentType = 'application/x-amz-cbor-1.1';

/** Times are milliseconds here, where RPC v2 has seconds. */
const millisecondFormat: TreeSource & TreeTarget = {
  ...cborFormat,
  readTimestamp: (value) => {
    const milliseconds = isTag(value) ? value.value : value;
    return typeof milliseconds === 'number' || typeof milliseconds === 'bigint'
      ? validDate(Number(milliseconds))
      : undefined;
  },
  writeTimestamp: (value) => tag({ tag: 1, value: value.getTime() }),
};

/**
 * AWS JSON 1.1 in CBOR instead of JSON, the operation in `X-Amz-Target`: how the SDKs for Java speak to Kinesis.
 * https://github.com/aws/aws-sdk-java-v2 (`AwsCborProtocolFactory`)
 */
export const awsCbor: ProtocolCodec = {
  protocol,
  claims: (_model, { headers }) =>
    headers['x-amz-target'] !== undefined && (headers['content-type'] ?? '').startsWith('application/x-amz-cbor'),
  match: (model, { headers }) => {
    const [prefix, name = ''] = (headers['x-amz-target'] ?? '').split('.');
    const operation = prefix === model.definition.targetPrefix ? model.operations.get(name) : undefined;
    if (operation !== undefined) return { kind: 'operation', protocol, operation, labels: new Map() };
    return { kind: 'unknown', protocol, error: new ServiceError('UnknownOperationException', '') };
  },
  decodeInput: async (_model, { operation }, request) =>
    readTree(operation.input, parseCbor(await collectBody(request.body)), millisecondFormat) as object,
  encodeOutput: (_model, { operation }, output, requestId) => {
    if (operation.output === unitShape) return respond(200, Buffer.alloc(0), requestId);
    return respond(200, toCbor(writeStructure(operation.output, { ...output }, millisecondFormat)), requestId);
  },
  encodeError: (model, error, requestId) => {
    const detail = errorDetail(model, protocol, error);
    const body = { __type: detail.shapeName, ...writeErrorMembers(detail, millisecondFormat) };
    return respond(detail.httpStatus, toCbor(body), requestId);
  },
};

function respond(status: number, body: Buffer, requestId: string): WireResponse {
  return {
    status,
    headers: { 'content-type': contentType, ...lengthHeader(body), ...requestIdHeader(requestId) },
    body,
  };
}
