import { gunzipSync } from 'node:zlib';
import type { ServiceModel } from './service-model.js';
import type { WireRequest } from './wire-message.js';

// Far above what any operation takes, so that a small body cannot unpack into all of the memory.
const maximumPlainBytes = 64 * 1024 * 1024;

const plainRequests = new WeakMap<WireRequest, WireRequest>();

/**
 * The request with its body unpacked. SDKs compress large bodies of operations that allow it (CloudWatch
 * PutMetricData; Smithy's requestCompression trait). REST services are left alone: there the encoding may be
 * a property of what is stored. A body that does not unpack stays as it is, and fails to be read later.
 */
export function plainRequest(model: ServiceModel, request: WireRequest): WireRequest {
  if (request.headers['content-encoding'] !== 'gzip' || !Buffer.isBuffer(request.body)) return request;
  if (model.definition.protocols.some((protocol) => protocol === 'restJson1' || protocol === 'restXml')) return request;
  const known = plainRequests.get(request);
  if (known !== undefined) return known;
  const plain = { ...request, body: unpacked(request.body) };
  plainRequests.set(request, plain);
  return plain;
}

function unpacked(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: maximumPlainBytes });
  } catch {
    return body;
  }
}
