import { instantOf, wallTime } from './time-zone.js';

/** A schedule in AWS's form of cron. */
export interface Cron {
  /** The first time after an instant; undefined when there is none any more. */
  next(afterMs: number): number | undefined;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const LAST_YEAR = 2199;
const DAY_MS = 86_400_000;

type DayMatch = (date: { year: number; month: number; day: number; weekday: number }) => boolean;

/**
 * Reads the six fields within `cron(…)`: minutes, hours, day of month, month, day of week (1 is Sunday), year; with
 * lists, ranges, steps, names, `L`, `W` and `#`. One of the two day fields is `?`. undefined: it is no such expression.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseCron(fields: string, timeZone = 'UTC'): Cron | undefined {
  const parts = fields.trim().split(/\s+/);
  const [minuteField = '', hourField = '', dayField = '', monthField = '', weekdayField = '', yearField = ''] = parts;
  if (parts.length !== 6 || (dayField === '?') === (weekdayField === '?')) return undefined;
  const minutes = parseSet(minuteField, 0, 59);
  const hours = parseSet(hourField, 0, 23);
  const months = parseSet(monthField, 1, 12, MONTHS, 1);
  const years = parseSet(yearField, 1970, LAST_YEAR);
  const days = dayField === '?' ? parseWeekday(weekdayField) : parseDay(dayField);
  if (minutes === undefined || hours === undefined || months === undefined) return undefined;
  if (years === undefined || days === undefined) return undefined;
  const sortedMinutes = [...minutes].sort((a, b) => a - b);
  const sortedHours = [...hours].sort((a, b) => a - b);

  /** The times of one day, in order. */
  function* timesOf(year: number, month: number, day: number): Generator<number> {
    for (const hour of sortedHours) {
      for (const minute of sortedMinutes) {
        const instantMs = instantOf({ year, month, day, hour, minute }, timeZone);
        if (instantMs !== undefined) yield instantMs;
      }
    }
  }

  return {
    next(afterMs) {
      const start = wallTime(afterMs, timeZone);
      // Noon, so that no change of clocks leads to another day.
      let noonMs = Date.UTC(start.year, start.month - 1, start.day, 12);
      const lastYear = Math.min(Math.max(...years), start.year + 100);
      for (;;) {
        const date = new Date(noonMs);
        const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
        if (year > lastYear) return undefined;
        if (years.has(year) && months.has(month) && days({ year, month, day, weekday: date.getUTCDay() + 1 })) {
          for (const instantMs of timesOf(year, month, day)) if (instantMs > afterMs) return instantMs;
        }
        noonMs += DAY_MS;
      }
    },
  };
}

/** `*`, `5`, `1,2`, `1-5`, `0/15`, `MON-FRI`. */
function parseSet(
  field: string,
  low: number,
  high: number,
  names: readonly string[] = [],
  firstName = 0,
): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\*|[A-Za-z\d]+)(?:-([A-Za-z\d]+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, from = '', to, step] = match;
    const start = from === '*' ? low : numberOf(from, names, firstName);
    const end = to !== undefined ? numberOf(to, names, firstName) : from === '*' || step !== undefined ? high : start;
    const by = step === undefined ? 1 : Number(step);
    if (start === undefined || end === undefined || by < 1 || start < low || end > high) return undefined;
    // FRI-MON goes over the end of the week.
    const stop = end < start && names.length > 0 ? end + (high - low + 1) : end;
    if (stop < start) return undefined;
    for (let value = start; value <= stop; value += by) values.add(value > high ? value - (high - low + 1) : value);
  }
  return values;
}

function numberOf(text: string, names: readonly string[], firstName: number): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const at = names.indexOf(text.toUpperCase());
  return at < 0 ? undefined : at + firstName;
}

/** Day of month: a set, `L` (the last), `LW` (the last weekday) or `15W` (the weekday nearest to the 15th). */
function parseDay(field: string): DayMatch | undefined {
  if (field === 'L') return ({ year, month, day }) => day === daysIn(year, month);
  if (field === 'LW') return ({ year, month, day }) => day === nearestWeekday(year, month, daysIn(year, month));
  const near = /^(\d{1,2})W$/.exec(field)?.[1];
  if (near !== undefined) {
    const wanted = Number(near);
    if (wanted < 1 || wanted > 31) return undefined;
    return ({ year, month, day }) => wanted <= daysIn(year, month) && day === nearestWeekday(year, month, wanted);
  }
  const days = parseSet(field, 1, 31);
  return days && (({ day }) => days.has(day));
}

/** Day of week: a set, `L` (Saturday), `6L` (the last Friday of the month) or `3#2` (the second Tuesday). */
function parseWeekday(field: string): DayMatch | undefined {
  if (field === 'L') return ({ weekday }) => weekday === 7;
  const [, last] = /^([1-7]|[A-Za-z]{3})L$/.exec(field) ?? [];
  if (last !== undefined) {
    const wanted = numberOf(last, DAYS, 1);
    return wanted === undefined
      ? undefined
      : ({ year, month, day, weekday }) => weekday === wanted && day + 7 > daysIn(year, month);
  }
  const [, which, nth] = /^([1-7]|[A-Za-z]{3})#([1-5])$/.exec(field) ?? [];
  if (which !== undefined) {
    const wanted = numberOf(which, DAYS, 1);
    return wanted === undefined
      ? undefined
      : ({ day, weekday }) => weekday === wanted && Math.ceil(day / 7) === Number(nth);
  }
  const days = parseSet(field, 1, 7, DAYS, 1);
  return days && (({ weekday }) => days.has(weekday));
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Monday to Friday, within the month. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < daysIn(year, month) ? day + 1 : day - 2;
  return day;
}
