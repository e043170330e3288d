import { Readable } from 'node:stream';
import { ServiceError } from './service-error.js';
import type { Member, StructureShape } from './shape.js';
import { isPresent, toBytes } from './tree-writer.js';

/** How a protocol writes an event that is not plain bytes or text. */
export interface EventFormat {
  readonly contentType: string;
  writeDocument(member: Member, value: Record<string, unknown>): string;
}

interface EventMessage {
  readonly headers: Record<string, { readonly type: 'string'; readonly value: string }>;
  readonly body: Uint8Array;
}

/** Whether a member is a stream of events rather than of bytes. */
export function isEventStream(member: Member): boolean {
  return member.shape.kind === 'union' && member.traits.streaming !== undefined;
}

/**
 * Events in the binary framing `application/vnd.amazon.eventstream` (S3 SelectObjectContent, Lambda
 * InvokeWithResponseStream, CloudWatch Logs StartLiveTail). `events` is an async iterable of `{ eventName: event }`, as the SDK's output
 * types have it; a ServiceError thrown by it ends the stream with an exception message.
 */
export function encodeEventStream(
  union: StructureShape,
  events: unknown,
  format: EventFormat,
  /** The other members of the output, as the protocols without a place in HTTP for them send them first. */
  initialResponse?: string,
): Readable {
  if (typeof events !== 'object' || events === null || !(Symbol.asyncIterator in events)) {
    throw new TypeError('an event stream must be an async iterable');
  }
  return Readable.from(frames(union, events as AsyncIterable<Record<string, unknown>>, format, initialResponse));
}

async function* frames(
  union: StructureShape,
  events: AsyncIterable<Record<string, unknown>>,
  format: EventFormat,
  initialResponse: string | undefined,
): AsyncGenerator<Uint8Array> {
  // Few services stream events: their codec is loaded only then.
  const [{ EventStreamCodec }, { fromUtf8, toUtf8 }] = await Promise.all([
    import('@smithy/core/event-streams'),
    import('@smithy/core/serde'),
  ]);
  const codec = new EventStreamCodec(toUtf8, fromUtf8);
  if (initialResponse !== undefined) yield codec.encode(initialMessage(initialResponse, format));
  try {
    for await (const event of events) yield codec.encode(eventMessage(union, event, format));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    yield codec.encode(exceptionMessage(error));
  }
}

function initialMessage(document: string, { contentType }: EventFormat): EventMessage {
  const headers = { ':message-type': 'event', ':event-type': 'initial-response', ':content-type': contentType };
  return { headers: textHeaders(headers), body: Buffer.from(document, 'utf8') };
}

function eventMessage(union: StructureShape, event: Record<string, unknown>, format: EventFormat): EventMessage {
  const member = union.members.find((candidate) => isPresent(event[candidate.name]));
  if (member === undefined) throw new TypeError('an event must have one member of its union');
  const { body, contentType } = eventBody(member, event[member.name] as Record<string, unknown>, format);
  const headers = { ':message-type': 'event', ':event-type': member.name, ':content-type': contentType };
  return { headers: textHeaders(headers), body };
}

function eventBody(
  event: Member,
  value: Record<string, unknown>,
  format: EventFormat,
): { body: Uint8Array; contentType: string } {
  const members = event.shape.kind === 'structure' ? event.shape.members : [];
  const payload = members.find((member) => member.traits.eventPayload !== undefined);
  const content = payload === undefined ? value : value[payload.name];
  if (payload?.shape.kind === 'blob') return { body: toBytes(content ?? ''), contentType: 'application/octet-stream' };
  if (payload?.shape.kind === 'string') return { body: toBytes(content ?? ''), contentType: 'text/plain' };
  // An event without members has nothing to say.
  if (members.length === 0) return { body: new Uint8Array(), contentType: format.contentType };
  const document = format.writeDocument(payload ?? event, (content ?? {}) as Record<string, unknown>);
  return { body: Buffer.from(document, 'utf8'), contentType: format.contentType };
}

function exceptionMessage(error: ServiceError): EventMessage {
  const headers = {
    ':message-type': 'exception',
    ':exception-type': error.code,
    ':content-type': 'application/json',
  };
  return { headers: textHeaders(headers), body: Buffer.from(JSON.stringify({ message: error.message })) };
}

function textHeaders(headers: Readonly<Record<string, string>>): EventMessage['headers'] {
  const entries = Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }] as const);
  return Object.fromEntries(entries);
}
