import { lengthHeader } from './body.js';
import { errorDetail } from './error-detail.js';
import { writeErrorMembers } from './error-members.js';
import { bindingsOf, writeHeaders } from './http-binding.js';
import { parseJson, restJsonFormat } from './json-format.js';
import type { ProtocolCodec } from './protocol-codec.js';
import { type DocumentFormat, decodeRestInput, encodeRestOutput, matchRest } from './rest-protocol.js';
import { requestIdHeader } from './rpc-headers.js';
import { ServiceError } from './service-error.js';
import { readTree, readTreeMembers } from './tree-reader.js';
import { writeStructure, writeTree } from './tree-writer.js';

const protocol = 'restJson1';

const format: DocumentFormat = {
  protocol,
  contentType: 'application/json',
  readMembers: (_shape, members, body) => readTreeMembers(members, parseJson(body), restJsonFormat),
  readPayload: (member, body) => readTree(member.shape, parseJson(body), restJsonFormat),
  writeMembers: (_model, { operation }, members, output) =>
    JSON.stringify(writeStructure(operation.output, output, restJsonFormat, members)),
  writePayload: (_model, member, value) => JSON.stringify(writeTree(member.shape, value, restJsonFormat)),
  unknownOperation: (request) =>
    new ServiceError('UnknownOperationException', `Unknown operation: ${request.method} ${request.path}`, {
      httpStatus: 404,
    }),
  malformedUri: () => new ServiceError('SerializationException', 'The URI cannot be decoded', { httpStatus: 400 }),
};

/** REST-JSON: method and URI name the operation, JSON bodies (Smithy, "AWS restJson1 protocol"). */
export const restJson: ProtocolCodec = {
  protocol,
  claims: () => true,
  match: (model, request) => matchRest(format, model, request),
  decodeInput: (_model, match, request) => decodeRestInput(format, match, request),
  encodeOutput: (model, match, output, requestId) =>
    encodeRestOutput(format, model, match, { ...output }, requestIdHeader(requestId)),
  encodeError: (model, error, requestId) => {
    const detail = errorDetail(model, protocol, error);
    const { shape, shapeName, httpStatus, members } = detail;
    const body = JSON.stringify(writeErrorMembers(detail, restJsonFormat));
    return {
      status: httpStatus,
      headers: {
        'content-type': 'application/json',
        'x-amzn-errortype': shapeName,
        ...(shape === undefined ? {} : writeHeaders(bindingsOf(shape), members)),
        ...lengthHeader(body),
        ...requestIdHeader(requestId),
      },
      body,
    };
  },
};
