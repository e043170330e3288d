import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import type { Timer } from '@tablewright/base';
import type { Caller } from '../../kernel/caller.js';
import type { RequestContext } from '../service.js';
import { compilePattern } from './filter-pattern.js';
import { groupArn } from './group-operations.js';
import type { LogEvent } from './log-record.js';
import type { LogStore } from './log-store.js';
import { invalidParameter } from './logs-errors.js';
import { groupOfArn } from './names.js';
import type { MessageFilter } from './pattern-basics.js';

const MAX_EVENTS_PER_UPDATE = 500;
const UPDATE_MS = 1000;

interface Session {
  readonly caller: Caller;
  readonly groups: readonly string[];
  readonly matches: (event: LogEvent) => boolean;
  readonly waiting: Logs.LiveTailSessionLogEvent[];
  /** Set when events have been left out of the next update. */
  sampled: boolean;
  wake: () => void;
}

/**
 * Sessions that see events as they arrive: an update each second at most, 500 events in it at most, as on AWS. Differs:
 * there is no update when there are no events, so that a session that waits costs nothing.
 */
export class LiveTails {
  readonly #sessions = new Set<Session>();
  #isClosed = false;

  constructor(private readonly store: LogStore) {}

  start(context: RequestContext, input: Logs.StartLiveTailCommandInput): Logs.StartLiveTailResponse {
    const { caller } = context;
    const identifiers = input.logGroupIdentifiers ?? [];
    const groups = identifiers.map((identifier) => {
      const name = groupOfArn(identifier);
      if (name === undefined) throw invalidParameter(`${identifier} is not the ARN of a log group`);
      return this.store.group(caller, name).name;
    });
    const { logStreamNames, logStreamNamePrefixes, logEventFilterPattern = '' } = input;
    if (logStreamNames !== undefined && logStreamNamePrefixes !== undefined) {
      throw invalidParameter('logStreamNames and logStreamNamePrefixes cannot both be specified.');
    }
    const pattern: MessageFilter = compilePattern(logEventFilterPattern);
    const session: Session = {
      caller,
      groups,
      matches: ({ stream, message }) =>
        (logStreamNames === undefined || logStreamNames.includes(stream)) &&
        (logStreamNamePrefixes === undefined || logStreamNamePrefixes.some((prefix) => stream.startsWith(prefix))) &&
        pattern(message),
      waiting: [],
      sampled: false,
      wake: () => {},
    };
    const sessionStart: Logs.LiveTailSessionStart = {
      requestId: context.requestId,
      sessionId: this.store.kernel.random.uuid(),
      logGroupIdentifiers: identifiers,
      logStreamNames: logStreamNames ?? [],
      logStreamNamePrefixes: logStreamNamePrefixes ?? [],
      logEventFilterPattern,
    };
    this.#sessions.add(session);
    return { responseStream: this.#updates(session, sessionStart) };
  }

  /** Events have arrived. */
  added(caller: Caller, group: string, events: readonly LogEvent[]): void {
    for (const session of this.#sessions) {
      const isOther = session.caller.accountId !== caller.accountId || session.caller.region !== caller.region;
      if (isOther || !session.groups.includes(group)) continue;
      for (const event of events) if (session.matches(event)) keep(session, toLiveEvent(caller, group, event));
      if (session.waiting.length > 0) session.wake();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const session of this.#sessions) session.wake();
  }

  async *#updates(
    session: Session,
    sessionStart: Logs.LiveTailSessionStart,
  ): AsyncGenerator<Logs.StartLiveTailResponseStream> {
    try {
      yield { sessionStart };
      while (!this.#isClosed) {
        if (session.waiting.length === 0) await untilWoken(session);
        if (this.#isClosed) return;
        const { sampled } = session;
        const sessionResults = session.waiting.splice(0);
        session.sampled = false;
        yield { sessionUpdate: { sessionMetadata: { sampled }, sessionResults } };
        await this.#pause(session);
      }
    } finally {
      this.#sessions.delete(session);
    }
  }

  /** Lets what comes within a second gather; on the clock, so that it ends at once when that is advanced. */
  #pause(session: Session): Promise<void> {
    return new Promise((resolve) => {
      const timer: Timer = this.store.kernel.clock.after(UPDATE_MS, () => resolve());
      session.wake = () => {
        if (!this.#isClosed) return;
        timer.cancel();
        resolve();
      };
    });
  }
}

function untilWoken(session: Session): Promise<void> {
  return new Promise((resolve) => {
    session.wake = resolve;
  });
}

function keep(session: Session, event: Logs.LiveTailSessionLogEvent): void {
  if (session.waiting.length < MAX_EVENTS_PER_UPDATE) session.waiting.push(event);
  else session.sampled = true;
}

function toLiveEvent(caller: Caller, group: string, event: LogEvent): Logs.LiveTailSessionLogEvent {
  return {
    logStreamName: event.stream,
    logGroupIdentifier: groupArn(caller, group),
    message: event.message,
    timestamp: event.timestampMs,
    ingestionTime: event.ingestedMs,
  };
}
