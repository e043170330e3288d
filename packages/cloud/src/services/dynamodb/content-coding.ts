import { deflateSync, gunzipSync, gzipSync } from 'node:zlib';

/**
 * Compressed bodies as DynamoDB's HTTP front end takes and gives them: requests in gzip, and answers from 4 KB on in
 * gzip or deflate, whichever the client accepts. A body that does not unpack, or says to be packed in another way, is
 * an internal error there, and here.
 * Differs: what a request unpacks to is limited (AWS takes a gigabyte).
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html
 */

/** What a body may unpack to, far above what any operation takes. */
const UNPACKED_LIMIT_BYTES = 64 * 1024 * 1024;
const SMALLEST_PACKED_BYTES = 4096;

export type Coding = 'gzip' | 'deflate';
const CODINGS: readonly Coding[] = ['gzip', 'deflate'];

/** The body as it was before the client packed it; undefined when it cannot be unpacked. */
export function unpackedBody(body: Buffer, contentEncoding: string): Buffer | undefined {
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === 'identity' || coding === '') return body;
  // Of nothing at all the decoder makes nothing, but it is no gzip.
  if (coding !== 'gzip' || body.length === 0) return undefined;
  try {
    return gunzipSync(body, { maxOutputLength: UNPACKED_LIMIT_BYTES });
  } catch {
    return undefined;
  }
}

/** How an answer of this size is to be packed for a client that accepts these codings; undefined for not at all. */
export function answerCoding(acceptEncoding: string | undefined, sizeBytes: number): Coding | undefined {
  if (acceptEncoding === undefined || sizeBytes < SMALLEST_PACKED_BYTES) return undefined;
  return preferredCoding(acceptEncoding);
}

export function packedBody(body: Buffer | string, coding: Coding): Buffer {
  return coding === 'gzip' ? gzipSync(body) : deflateSync(body);
}

/**
 * The coding that the header asks for (RFC 9110, 12.5.3): the highest weight, then the first named; those that `*`
 * stands for come last. As on AWS `identity` never wins, a weight that is none counts as 1, and of several the first.
 */
export function preferredCoding(acceptEncoding: string): Coding | undefined {
  const offers: [coding: Coding, weight: number][] = [];
  let others = 0;
  for (const entry of acceptEncoding.split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const coding = CODINGS.find((one) => one === name);
    if (coding !== undefined) offers.push([coding, weightOf(parameters)]);
    else if (name === '*') others = weightOf(parameters);
  }
  const named = new Set(offers.map(([coding]) => coding));
  for (const coding of CODINGS) if (!named.has(coding)) offers.push([coding, others]);
  let best: Coding | undefined;
  let bestWeight = 0;
  for (const [coding, weight] of offers) {
    if (weight <= bestWeight) continue;
    best = coding;
    bestWeight = weight;
  }
  return best;
}

function weightOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const weight = /^q\s*=\s*(.*)$/.exec(parameter)?.[1];
    if (weight === undefined) continue;
    const value = Number(weight);
    return Number.isNaN(value) ? 1 : Math.min(1, value);
  }
  return 1;
}
