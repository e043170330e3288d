import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import type { RequestContext } from '../service.js';
import { compilePattern } from './filter-pattern.js';
import type { LiveTails } from './live-tails.js';
import { DAY_MS, eventBytes, type LogEvent, type LogGroupRecord } from './log-record.js';
import type { LogStore } from './log-store.js';
import { constraint, invalidParameter } from './logs-errors.js';
import { checkGroupName, checkStreamName, groupNameOf } from './names.js';
import { invalidToken, limited, readToken, writeToken } from './page.js';
import type { Retention } from './retention.js';
import { sequenceToken } from './stream-operations.js';

const MAX_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const PAGE_BYTES = 1_048_576;
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = 2 * 3_600_000;
const MAX_STREAM_NAMES = 100;

/** Log events: put, get, filter. */
export function eventOperations(store: LogStore, retention: Retention, tails: LiveTails) {
  return {
    async put(
      { caller, kernel }: RequestContext,
      input: Logs.PutLogEventsCommandInput,
    ): Promise<Logs.PutLogEventsResponse> {
      const group = store.group(caller, checkGroupName(input.logGroupName));
      const stream = store.stream(caller, group.name, checkStreamName(input.logStreamName));
      const events = (input.logEvents ?? []).map(({ timestamp = 0, message = '' }) => ({
        timestampMs: timestamp,
        message,
      }));
      checkBatch(events);
      const { taken, rejected } = sortOut(events, group, kernel.clock.nowMs());
      const added = taken.length === 0 ? [] : await store.append(caller, stream, taken);
      retention.added();
      tails.added(caller, group.name, added);
      return {
        nextSequenceToken: sequenceToken(store.stream(caller, group.name, stream.name)),
        ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
      };
    },

    get({ caller }: RequestContext, input: Logs.GetLogEventsCommandInput): Logs.GetLogEventsResponse {
      const group = store.group(caller, groupNameOf(input));
      const stream = store.stream(caller, group.name, checkStreamName(input.logStreamName));
      const limit = limited(input.limit, 'limit', MAX_EVENTS);
      const { after, before } = positions(store, group, input);
      const forward = isForward(input);
      const inOrder = store.eventsOf(caller, group.name, stream.name, { after, before, reverse: !forward });
      const events = pageOf(inOrder, limit);
      if (!forward) events.reverse();
      const first = events.at(0)?.position;
      const last = events.at(-1)?.position;
      // With nothing to show, the same tokens come back: that is how a reader knows that it has reached an end.
      const given = input.nextToken?.slice(2);
      const place = given === undefined ? '' : readToken(given);
      return {
        events: events.map(({ timestampMs, message, ingestedMs }) => ({
          timestamp: timestampMs,
          message,
          ingestionTime: ingestedMs,
        })),
        nextForwardToken: `f/${writeToken(last ?? (place || END))}`,
        nextBackwardToken: `b/${writeToken(first ?? (place || START))}`,
      };
    },

    filter({ caller }: RequestContext, input: Logs.FilterLogEventsCommandInput): Logs.FilterLogEventsResponse {
      const group = store.group(caller, groupNameOf(input));
      const { logStreamNames, logStreamNamePrefix: prefix, nextToken } = input;
      if (logStreamNames !== undefined && prefix !== undefined) {
        throw invalidParameter('logStreamNamePrefix and logStreamNames cannot both be specified.');
      }
      if ((logStreamNames?.length ?? 0) > MAX_STREAM_NAMES) {
        throw constraint(
          `[${logStreamNames?.length} names]`,
          'logStreamNames',
          `Member must have length less than or equal to ${MAX_STREAM_NAMES}`,
        );
      }
      const matches = compilePattern(input.filterPattern ?? '');
      const limit = limited(input.limit, 'limit', MAX_EVENTS);
      const start = nextToken === undefined ? store.placeAt(input.startTime ?? 0) : readToken(nextToken);
      const events: Logs.FilteredLogEvent[] = [];
      let bytes = 0;
      let lastPlace = '';
      for (const event of visible(store.eventsOfGroup(caller, group.name, start), group, store, input)) {
        if (logStreamNames !== undefined && !logStreamNames.includes(event.stream)) continue;
        if (prefix !== undefined && !event.stream.startsWith(prefix)) continue;
        if (!matches(event.message)) continue;
        bytes += eventBytes(event);
        if (events.length === limit || (bytes > PAGE_BYTES && events.length > 0)) {
          return { events, searchedLogStreams: [], nextToken: writeToken(lastPlace) };
        }
        events.push({
          logStreamName: event.stream,
          timestamp: event.timestampMs,
          message: event.message,
          ingestionTime: event.ingestedMs,
          eventId: eventId(event),
        });
        lastPlace = store.placeOf(event);
      }
      return { events, searchedLogStreams: [] };
    },
  };
}

/** Before all positions, and after all. */
const START = '0';
const END = ':';

function isForward({ nextToken, startFromHead = false }: Logs.GetLogEventsCommandInput): boolean {
  return nextToken === undefined ? startFromHead : nextToken.startsWith('f/');
}

/** Between which positions the events lie that are asked for and that the group still retains. */
function positions(
  store: LogStore,
  group: LogGroupRecord,
  input: Logs.GetLogEventsCommandInput,
): { readonly after: string; readonly before: string } {
  const { nextToken, endTime } = input;
  if (nextToken !== undefined && !/^[fb]\//.test(nextToken)) throw invalidToken();
  const place = nextToken === undefined ? undefined : readToken(nextToken.slice(2));
  const after = store.placeAt(firstMs(store, group, input));
  const before = endTime === undefined ? END : store.placeAt(endTime);
  if (place === undefined) return { after, before };
  const [earlier, later] = [place, isForward(input) ? after : before].sort();
  return isForward(input) ? { after: later ?? after, before } : { after, before: earlier ?? before };
}

/** As many of the events as a page holds: 1 MB at most. */
function pageOf(events: Iterable<LogEvent>, limit: number): LogEvent[] {
  const page: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += eventBytes(event);
    if (page.length === limit || (bytes > PAGE_BYTES && page.length > 0)) break;
    page.push(event);
  }
  return page;
}

/** The first instant of which events are shown: asked for, and still retained. */
function firstMs(
  { kernel }: LogStore,
  { retentionDays }: LogGroupRecord,
  { startTime = 0 }: { readonly startTime?: number | undefined },
): number {
  return retentionDays === undefined ? startTime : Math.max(startTime, kernel.clock.nowMs() - retentionDays * DAY_MS);
}

/** Events of the asked time that the group still retains. */
function* visible(
  events: Iterable<LogEvent>,
  group: LogGroupRecord,
  store: LogStore,
  input: { readonly startTime?: number | undefined; readonly endTime?: number | undefined },
): Iterable<LogEvent> {
  const { endTime } = input;
  const fromMs = firstMs(store, group, input);
  for (const event of events) {
    // In order of time, so that nothing of interest comes after.
    if (endTime !== undefined && event.timestampMs >= endTime) return;
    if (event.timestampMs >= fromMs) yield event;
  }
}

interface GivenEvent {
  readonly timestampMs: number;
  readonly message: string;
}

/** The rules that a batch has to keep as a whole. */
function checkBatch(events: readonly GivenEvent[]): void {
  if (events.length === 0) throw constraint('[]', 'logEvents', 'Member must have length greater than or equal to 1');
  if (events.length > MAX_EVENTS) {
    throw constraint(
      `[${events.length} events]`,
      'logEvents',
      `Member must have length less than or equal to ${MAX_EVENTS}`,
    );
  }
  for (const [at, { message }] of events.entries()) {
    if (message === '') {
      throw constraint('', `logEvents.${at + 1}.member.message`, 'Member must have length greater than or equal to 1');
    }
  }
  if (events.reduce((bytes, event) => bytes + eventBytes(event), 0) > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
  const isOrdered = events.every(({ timestampMs }, at) => timestampMs >= (events[at - 1]?.timestampMs ?? 0));
  if (!isOrdered) throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  const [first] = events;
  const spanMs = (events.at(-1)?.timestampMs ?? 0) - (first?.timestampMs ?? 0);
  if (spanMs > DAY_MS) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

/** Single events that are too old or too new are left out and told of; the others are taken. */
function sortOut(
  events: readonly GivenEvent[],
  { retentionDays }: LogGroupRecord,
  nowMs: number,
): { readonly taken: readonly GivenEvent[]; readonly rejected: Logs.RejectedLogEventsInfo } {
  const expired = retentionDays === undefined ? 0 : countBefore(events, nowMs - retentionDays * DAY_MS);
  const tooOld = countBefore(events, nowMs - OLDEST_MS);
  const inTime = countBefore(events, nowMs + NEWEST_MS + 1);
  return {
    taken: events.slice(Math.max(expired, tooOld), inTime),
    rejected: {
      ...(inTime < events.length && { tooNewLogEventStartIndex: inTime }),
      ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
      ...(expired > 0 && { expiredLogEventEndIndex: expired }),
    },
  };
}

function countBefore(events: readonly GivenEvent[], instantMs: number): number {
  const at = events.findIndex(({ timestampMs }) => timestampMs >= instantMs);
  return at < 0 ? events.length : at;
}

/** 56 digits, unique, growing with time. */
function eventId({ position }: LogEvent): string {
  return position.padEnd(56, '0');
}
