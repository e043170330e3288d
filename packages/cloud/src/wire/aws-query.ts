import { collectBody, lengthHeader } from './body.js';
import { type ErrorDetail, errorDetail } from './error-detail.js';
import { readForm } from './form-reader.js';
import type { Match, Mismatch, ProtocolCodec } from './protocol-codec.js';
import { requestIdHeader } from './rpc-headers.js';
import { ServiceError } from './service-error.js';
import type { ServiceModel } from './service-model.js';
import { unitShape } from './shape-of.js';
import type { WireRequest, WireResponse } from './wire-message.js';
import { writeExtraElements } from './xml-error.js';
import { escapeXml, writeXmlMembers, xmlAttribute, xmlElement } from './xml-writer.js';

const protocol = 'awsQuery';
const formType = 'application/x-www-form-urlencoded';

/** AWS Query: the operation in the form parameter `Action`, XML out (Smithy, "AWS query protocol"). */
export const awsQuery: ProtocolCodec = {
  protocol,
  claims: (_model, request) =>
    (request.headers['content-type'] ?? '').startsWith(formType) || new URLSearchParams(request.query).has('Action'),
  match,
  decodeInput: async (_model, { operation }, request) =>
    readForm(operation.input, parametersOf(request, await collectBody(request.body))),
  encodeOutput: (model, { operation }, output, requestId) => {
    const { name, output: shape } = operation;
    const result = shape === unitShape ? '' : xmlElement(`${name}Result`, writeXmlMembers(shape, { ...output }));
    const metadata = xmlElement('ResponseMetadata', xmlElement('RequestId', escapeXml(requestId)));
    return respond(200, xmlElement(`${name}Response`, result + metadata, namespaceOf(model)), requestId);
  },
  encodeError: (model, error, requestId) => {
    const detail = errorDetail(model, protocol, error);
    const xml =
      xmlElement('Error', errorContent(detail, error.message)) + xmlElement('RequestId', escapeXml(requestId));
    return respond(detail.httpStatus, xmlElement('ErrorResponse', xml, namespaceOf(model)), requestId);
  },
};

function match(model: ServiceModel, request: WireRequest): Match | Mismatch {
  const parameters = parametersOf(request, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
  const name = parameters.get('Action');
  const version = parameters.get('Version') ?? model.definition.version;
  const operation = version === model.definition.version ? model.operations.get(name ?? '') : undefined;
  if (operation !== undefined) return { kind: 'operation', protocol, operation, labels: new Map() };
  const error =
    name === null
      ? new ServiceError('MissingAction', 'The request is missing an action or a required parameter.')
      : new ServiceError('InvalidAction', `Could not find operation ${name} for version ${version}`);
  return { kind: 'unknown', protocol, error };
}

/** Parameters of the query string and of the form body together. */
function parametersOf(request: WireRequest, body: Buffer): URLSearchParams {
  const form = (request.headers['content-type'] ?? '').startsWith(formType) ? body.toString('utf8') : '';
  return new URLSearchParams([request.query, form].filter((part) => part !== '').join('&'));
}

function errorContent({ shape, fault, queryCode, members }: ErrorDetail, message: string): string {
  const type = xmlElement('Type', fault === 'client' ? 'Sender' : 'Receiver');
  const code = xmlElement('Code', escapeXml(queryCode));
  return type + code + xmlElement('Message', escapeXml(message)) + writeExtraElements(shape, members);
}

function namespaceOf(model: ServiceModel): string {
  const { xmlNamespace } = model.definition;
  return xmlNamespace === undefined ? '' : xmlAttribute('xmlns', xmlNamespace);
}

function respond(status: number, body: string, requestId: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml', ...lengthHeader(body), ...requestIdHeader(requestId) },
    body,
  };
}
