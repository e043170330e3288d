import type { ErrorDetail } from './error-detail.js';
import type { ServiceModel } from './service-model.js';

/** The header that names a request, in most of AWS's services. */
export function requestIdHeader(requestId: string): Record<string, string> {
  return { 'x-amzn-requestid': requestId };
}

/** The old Query code of an error of a service that has moved to JSON or CBOR (Smithy's awsQueryCompatible trait). */
export function queryErrorHeader(model: ServiceModel, detail: ErrorDetail): Record<string, string> {
  if (model.definition.awsQueryCompatible !== true) return {};
  return { 'x-amzn-query-error': `${detail.queryCode};${detail.fault === 'client' ? 'Sender' : 'Receiver'}` };
}
