import { splitHeaderList } from './header-list.js';
import { type DefaultTimestamp, formatScalar, parseScalar } from './scalar-text.js';
import { ServiceError } from './service-error.js';
import { setOwn } from './set-own.js';
import type { Member, Shape, StructureShape } from './shape.js';
import { isPresent } from './tree-writer.js';
import type { WireRequest } from './wire-message.js';

/** Where each member of a REST input or output goes. */
export interface HttpBindings {
  readonly labels: readonly Member[];
  readonly query: readonly Member[];
  readonly queryMap: Member | undefined;
  readonly headers: readonly Member[];
  readonly prefixHeaders: readonly Member[];
  readonly payload: Member | undefined;
  readonly statusCode: Member | undefined;
  /** Members of the document in the body. */
  readonly body: readonly Member[];
}

const cache = new WeakMap<StructureShape, HttpBindings>();

export function bindingsOf(shape: StructureShape): HttpBindings {
  let bindings = cache.get(shape);
  if (bindings === undefined) {
    bindings = sortMembers(shape.members);
    cache.set(shape, bindings);
  }
  return bindings;
}

function sortMembers(members: readonly Member[]): HttpBindings {
  const having = (trait: keyof Member['traits']): Member[] =>
    members.filter((member) => member.traits[trait] !== undefined);
  const bound = {
    labels: having('httpLabel'),
    query: having('httpQuery'),
    queryMap: having('httpQueryParams')[0],
    headers: having('httpHeader'),
    prefixHeaders: having('httpPrefixHeaders'),
    payload: having('httpPayload')[0],
    statusCode: having('httpResponseCode')[0],
  };
  const taken = new Set(Object.values(bound).flat());
  return { ...bound, body: members.filter((member) => !taken.has(member)) };
}

/** The members that labels, query and headers carry. Throws SerializationException for text of another type. */
export function readHttpMembers(
  bindings: HttpBindings,
  labels: ReadonlyMap<string, string>,
  request: WireRequest,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const member of bindings.labels) {
    const text = labels.get(member.name);
    if (text !== undefined) setOwn(input, member.name, readText(member, member.shape, text, 'date-time'));
  }
  readQuery(bindings, new URLSearchParams(request.query), input);
  readHeaders(bindings, request.headers, input);
  return input;
}

function readQuery(bindings: HttpBindings, query: URLSearchParams, input: Record<string, unknown>): void {
  for (const member of bindings.query) {
    const values = query.getAll(member.traits.httpQuery ?? '');
    const { shape } = member;
    if (values.length === 0) continue;
    if (shape.kind !== 'list') setOwn(input, member.name, readText(member, shape, values[0] ?? '', 'date-time'));
    else
      setOwn(
        input,
        member.name,
        values.map((text) => readText(member, shape.member.shape, text, 'date-time')),
      );
  }
  if (bindings.queryMap === undefined) return;
  const named = new Set(bindings.query.map((member) => member.traits.httpQuery));
  const map: Record<string, unknown> = {};
  const listed = bindings.queryMap.shape.kind === 'map' && bindings.queryMap.shape.value.shape.kind === 'list';
  for (const name of new Set(query.keys())) {
    if (!named.has(name)) setOwn(map, name, listed ? query.getAll(name) : query.get(name));
  }
  if (Object.keys(map).length > 0) setOwn(input, bindings.queryMap.name, map);
}

function readHeaders(bindings: HttpBindings, headers: WireRequest['headers'], input: Record<string, unknown>): void {
  for (const member of bindings.headers) {
    const text = headers[member.traits.httpHeader?.toLowerCase() ?? ''];
    const { shape } = member;
    if (text === undefined) continue;
    if (shape.kind !== 'list') setOwn(input, member.name, readText(member, shape, text, 'http-date'));
    else {
      const items = splitHeaderList(text, shape.member.shape);
      setOwn(
        input,
        member.name,
        items.map((item) => readText(member, shape.member.shape, item, 'http-date')),
      );
    }
  }
  for (const member of bindings.prefixHeaders) {
    const prefix = member.traits.httpPrefixHeaders?.toLowerCase() ?? '';
    const found = Object.entries(headers).filter(([name, text]) => name.startsWith(prefix) && text !== undefined);
    const map: Record<string, unknown> = {};
    for (const [name, text] of found) setOwn(map, name.slice(prefix.length), text);
    if (found.length > 0) setOwn(input, member.name, map);
  }
}

function readText(member: Member, shape: Shape, text: string, place: DefaultTimestamp): unknown {
  const decoded = place === 'http-date' && isMediaText(member, shape) ? Buffer.from(text, 'base64').toString() : text;
  const value = parseScalar(shape, decoded);
  if (value === undefined) {
    throw new ServiceError('SerializationException', `"${text}" is not a valid value of ${member.name}`, {
      httpStatus: 400,
    });
  }
  return value;
}

/** Text with a media type travels in headers as base64. */
function isMediaText(member: Member, shape: Shape): boolean {
  return shape.kind === 'string' && member.traits.mediaType !== undefined;
}

/** The headers that an output's members make. */
export function writeHeaders(
  bindings: HttpBindings,
  output: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const member of bindings.headers) {
    const value = output[member.name];
    if (!isPresent(value)) continue;
    headers[member.traits.httpHeader?.toLowerCase() ?? ''] = headerText(member, value);
  }
  for (const member of bindings.prefixHeaders) {
    const prefix = member.traits.httpPrefixHeaders?.toLowerCase() ?? '';
    for (const [name, value] of Object.entries((output[member.name] ?? {}) as Record<string, unknown>)) {
      if (isPresent(value)) headers[prefix + name.toLowerCase()] = String(value);
    }
  }
  return headers;
}

function headerText(member: Member, value: unknown): string {
  const { shape } = member;
  if (shape.kind === 'list') {
    const items = (value as unknown[])
      .filter(isPresent)
      .map((item) => formatScalar(shape.member.shape, item, 'http-date'));
    return items.map((item) => (shape.member.shape.kind === 'string' ? quoteItem(item) : item)).join(', ');
  }
  const text = formatScalar(shape, value, 'http-date');
  return isMediaText(member, shape) ? Buffer.from(text).toString('base64') : text;
}

function quoteItem(text: string): string {
  return /[",]/.test(text) ? `"${text.replace(/(["\\])/g, '\\$1')}"` : text;
}

/** The status of a success: that of the bound member or of the model; 206 for a part of a body (RFC 9110 §15.3.7). */
export function successStatus(
  bindings: HttpBindings,
  output: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
  modelled: number,
): number {
  const given = bindings.statusCode === undefined ? undefined : output[bindings.statusCode.name];
  if (typeof given === 'number') return given;
  return headers['content-range'] === undefined ? modelled : 206;
}

/** Whether a payload is sent and taken as a stream. */
export function isStreamingBlob(member: Member): boolean {
  return member.shape.kind === 'blob' && member.traits.streaming !== undefined;
}
