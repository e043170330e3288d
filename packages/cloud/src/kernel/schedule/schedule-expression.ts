import { type Cron, parseCron } from './cron.js';
import { instantOf, isTimeZone } from './time-zone.js';

/** When something is to happen. */
export type Schedule = Cron;

const RATE_UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `cron(…)`, `rate(5 minutes)` or `at(2026-12-24T18:00:00)`; undefined when it is none of these. Rates count from
 * `startMs`. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseSchedule(
  expression: string,
  options: { timeZone?: string; startMs: number },
): Schedule | undefined {
  const { timeZone = 'UTC', startMs } = options;
  if (!isTimeZone(timeZone)) return undefined;
  const [, kind, content = ''] = /^(cron|rate|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'cron') return parseCron(content, timeZone);
  if (kind === 'rate') return parseRate(content, startMs);
  return kind === 'at' ? parseAt(content, timeZone) : undefined;
}

function parseRate(content: string, startMs: number): Schedule | undefined {
  const [, amount, unit = '', plural] = /^(\d+)\s+(minute|hour|day)(s?)$/.exec(content.trim()) ?? [];
  const unitMs = RATE_UNITS[unit];
  const count = Number(amount);
  // AWS takes `1 minute` and `2 minutes`, and nothing between.
  if (unitMs === undefined || !(count > 0) || (count === 1) === (plural === 's')) return undefined;
  const everyMs = count * unitMs;
  return { next: (afterMs) => startMs + (Math.floor(Math.max(afterMs - startMs, 0) / everyMs) + 1) * everyMs };
}

function parseAt(content: string, timeZone: string): Schedule | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?$/.exec(content.trim());
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const minuteMs = instantOf({ year, month, day, hour, minute }, timeZone);
  if (minuteMs === undefined) return undefined;
  const atMs = minuteMs + second * 1000;
  return { next: (afterMs) => (atMs > afterMs ? atMs : undefined) };
}
