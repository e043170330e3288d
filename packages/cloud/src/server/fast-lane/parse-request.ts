import type { RequestHead } from '../request-head.js';

/** A request that the fast lane takes; offsets are in the bytes it was parsed from. */
export interface PlainRequest {
  readonly head: RequestHead;
  readonly bodyStart: number;
  readonly bodyBytes: number;
}

/** Node's own limit of a head. */
const MAX_HEAD_BYTES = 16 * 1024;
const END_OF_HEAD = '\r\n\r\n';
const REQUEST_LINE = 'POST / HTTP/1.1\r\n';
/** RFC 9112, 5: a name of token characters right before the colon, a value of visible ones, no folded lines. */
const HEADERS = /^(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)+$/;
const AWS_JSON = 'application/x-amz-json-1.0';
const LENGTH = /^[0-9]{1,9}$/;

/**
 * The request that begins at `start`, if it is the plain kind that DynamoDB's clients send: its head there as a whole,
 * `POST / HTTP/1.1`, one content-length, one host, one target of DynamoDB, AWS JSON 1.0, a connection that stays open.
 * Undefined for all others, sound or not: Node's HTTP server judges them.
 */
export function parseRequest(bytes: Buffer, start: number): PlainRequest | undefined {
  const end = bytes.indexOf(END_OF_HEAD, start, 'latin1');
  if (end < 0 || end - start > MAX_HEAD_BYTES) return undefined;
  const text = bytes.toString('latin1', start, end + 2);
  if (!text.startsWith(REQUEST_LINE)) return undefined;
  const lines = text.slice(REQUEST_LINE.length);
  if (!HEADERS.test(lines)) return undefined;
  const fields = readFields(lines);
  if (fields?.length === undefined || fields.host === undefined || fields.contentType !== AWS_JSON) return undefined;
  if (fields.target?.startsWith('DynamoDB_20120810.') !== true || !LENGTH.test(fields.length)) return undefined;
  return { head: fields, bodyStart: end + END_OF_HEAD.length, bodyBytes: Number(fields.length) };
}

type Field = Exclude<keyof Fields, 'contentEncoding' | 'credential'>;

interface Fields {
  host: string | undefined;
  origin: string | undefined;
  fetchSite: string | undefined;
  authorization: string | undefined;
  target: string | undefined;
  contentType: string | undefined;
  acceptEncoding: string | undefined;
  contentEncoding: undefined;
  credential: RequestHead['credential'];
  length: string | undefined;
}

/** Undefined when a header is there twice that may be there once, or asks for what the fast lane does not do. */
function readFields(lines: string): Fields | undefined {
  const fields: Fields = {
    host: undefined,
    origin: undefined,
    fetchSite: undefined,
    authorization: undefined,
    target: undefined,
    contentType: undefined,
    acceptEncoding: undefined,
    contentEncoding: undefined,
    credential: undefined,
    length: undefined,
  };
  for (let at = 0; at < lines.length; ) {
    const colon = lines.indexOf(':', at);
    const end = lines.indexOf('\r\n', colon);
    const wanted = fieldOf(lines, at, colon);
    if (wanted === 'refused') return undefined;
    if (wanted === 'connection') {
      if (
        lines
          .slice(colon + 1, end)
          .trim()
          .toLowerCase() !== 'keep-alive'
      )
        return undefined;
    } else if (wanted !== undefined) {
      if (fields[wanted] !== undefined) return undefined;
      fields[wanted] = lines.slice(colon + 1, end).trim();
    }
    at = end + 2;
  }
  return fields;
}

/** Lengths tell the wanted names apart from nearly all others before anything is lower-cased. */
const FIELDS: readonly (Readonly<Record<string, Field | 'connection' | 'refused'>> | undefined)[] = byLength({
  host: 'host',
  origin: 'origin',
  'sec-fetch-site': 'fetchSite',
  authorization: 'authorization',
  'x-amz-target': 'target',
  'content-type': 'contentType',
  'accept-encoding': 'acceptEncoding',
  'content-encoding': 'refused',
  'content-length': 'length',
  connection: 'connection',
  'proxy-connection': 'refused',
  'keep-alive': 'refused',
  expect: 'refused',
  upgrade: 'refused',
  te: 'refused',
  trailer: 'refused',
  'transfer-encoding': 'refused',
});

function fieldOf(lines: string, start: number, colon: number): Field | 'connection' | 'refused' | undefined {
  const names = FIELDS[colon - start];
  return names?.[lines.slice(start, colon).toLowerCase()];
}

function byLength<T>(names: Readonly<Record<string, T>>): (Record<string, T> | undefined)[] {
  const table: (Record<string, T> | undefined)[] = [];
  for (const [name, value] of Object.entries(names)) {
    const group: Record<string, T> = table[name.length] ?? Object.create(null);
    group[name] = value;
    table[name.length] = group;
  }
  return table;
}
