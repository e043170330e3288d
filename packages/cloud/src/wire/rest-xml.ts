import { createHash } from 'node:crypto';
import { lengthHeader } from './body.js';
import { errorDetail } from './error-detail.js';
import { bindingsOf, writeHeaders } from './http-binding.js';
import type { ProtocolCodec } from './protocol-codec.js';
import { type DocumentFormat, decodeRestInput, encodeRestOutput, hasNoBody, matchRest } from './rest-protocol.js';
import { requestIdHeader } from './rpc-headers.js';
import { ServiceError } from './service-error.js';
import type { ServiceModel } from './service-model.js';
import type { Member } from './shape.js';
import { isPresent } from './tree-writer.js';
import { writeExtraElements } from './xml-error.js';
import { readXml, readXmlMembers, XmlError } from './xml-reader.js';
import {
  escapeXml,
  namespaceAttribute,
  writeXmlAttributes,
  writeXmlMembers,
  xmlAttribute,
  xmlDeclaration,
  xmlElement,
} from './xml-writer.js';

const protocol = 'restXml';

const format: DocumentFormat = {
  protocol,
  contentType: 'application/xml',
  readMembers: (_shape, members, body) => wellFormed(() => readXmlMembers(members, body.toString('utf8'))),
  readPayload: (member, body) => wellFormed(() => readXml(member.shape, body.toString('utf8'))),
  writeMembers: (model, { operation }, members, output) => {
    const { output: shape } = operation;
    const unwrapped = members[0];
    const namespace = serviceNamespace(model);
    if (unwrapped !== undefined && model.definition.unwrappedOutputs?.includes(operation.name) === true) {
      const value = output[unwrapped.name];
      return xmlDeclaration + xmlElement(unwrapped.name, escapeXml(isPresent(value) ? String(value) : ''), namespace);
    }
    return xmlDeclaration + xmlElement(rootName(shape), writeXmlMembers(shape, output, members), namespace);
  },
  writePayload: (model, member, value) =>
    xmlDeclaration + payloadElement(model, member, value as Record<string, unknown>),
  unknownOperation: (request) =>
    new ServiceError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      httpStatus: 405,
      members: { Method: request.method, ResourceType: 'SERVICE' },
    }),
  malformedUri: () => new ServiceError('InvalidURI', "Couldn't parse the specified URI.", { httpStatus: 400 }),
};

/** REST-XML: method and URI name the operation, XML bodies, streams (Smithy, "AWS restXml protocol"; S3). */
export const restXml: ProtocolCodec = {
  protocol,
  claims: () => true,
  match: (model, request) => matchRest(format, model, request),
  decodeInput: (_model, match, request) => decodeRestInput(format, match, request),
  encodeOutput: (model, match, output, requestId) =>
    encodeRestOutput(format, model, match, { ...output }, requestIdHeaders(model, requestId)),
  encodeError: (model, error, requestId) => {
    const { shape, queryCode, fault, httpStatus, members } = errorDetail(model, protocol, error);
    const code = xmlElement('Code', escapeXml(queryCode)) + xmlElement('Message', escapeXml(error.message));
    const content = code + writeExtraElements(shape, members);
    const body = hasNoBody(httpStatus) ? '' : xmlDeclaration + errorDocument(model, content, fault, requestId);
    return {
      status: httpStatus,
      headers: {
        'content-type': 'application/xml',
        ...(shape === undefined ? {} : writeHeaders(bindingsOf(shape), members)),
        ...(hasNoBody(httpStatus) ? {} : lengthHeader(body)),
        ...error.options.headers,
        ...requestIdHeaders(model, requestId),
      },
      body,
    };
  },
};

function errorDocument(model: ServiceModel, content: string, fault: string, requestId: string): string {
  const id = xmlElement('RequestId', escapeXml(requestId));
  if (model.definition.s3Responses === true) {
    return xmlElement('Error', content + id + xmlElement('HostId', hostId(requestId)));
  }
  const type = xmlElement('Type', fault === 'client' ? 'Sender' : 'Receiver');
  return xmlElement('ErrorResponse', xmlElement('Error', type + content) + id, serviceNamespace(model));
}

function requestIdHeaders(model: ServiceModel, requestId: string): Record<string, string> {
  if (model.definition.s3Responses !== true) return requestIdHeader(requestId);
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId(requestId) };
}

/** S3's second identifier: opaque text; here it follows from the first one. */
function hostId(requestId: string): string {
  return createHash('sha384').update(requestId).digest('base64');
}

function payloadElement(model: ServiceModel, member: Member, value: Record<string, unknown>): string {
  const { shape } = member;
  if (shape.kind !== 'structure' && shape.kind !== 'union') throw new TypeError('an XML payload must be a structure');
  const name = member.traits.xmlName ?? rootName(shape);
  const namespace = namespaceAttribute(member.traits.xmlNamespace) || serviceNamespace(model);
  return xmlElement(name, writeXmlMembers(shape, value), namespace + writeXmlAttributes(shape, value));
}

function rootName(shape: { readonly name: string; readonly traits: Member['traits'] }): string {
  return shape.traits.xmlName ?? shape.name;
}

function serviceNamespace(model: ServiceModel): string {
  const { xmlNamespace } = model.definition;
  return xmlNamespace === undefined ? '' : xmlAttribute('xmlns', xmlNamespace);
}

function wellFormed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const message = 'The XML you provided was not well-formed or did not validate against our published schema';
    throw new ServiceError('MalformedXML', message, { httpStatus: 400 });
  }
}
