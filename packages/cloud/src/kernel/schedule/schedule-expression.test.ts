import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchedule } from './schedule-expression.js';

/** The first times after an instant. */
function times(expression: string, after: string, count: number, timeZone?: string): string[] {
  const startMs = Date.parse(after);
  const schedule = parseSchedule(expression, { startMs, ...(timeZone !== undefined && { timeZone }) });
  assert.ok(schedule !== undefined, expression);
  const found: string[] = [];
  for (let atMs: number | undefined = startMs; found.length < count; ) {
    atMs = schedule.next(atMs);
    if (atMs === undefined) break;
    found.push(new Date(atMs).toISOString().slice(0, 16));
  }
  return found;
}

test('fields take lists, ranges, steps and names', () => {
  assert.deepEqual(times('cron(0 5 ? * * *)', '2026-01-01T05:00:00Z', 2), ['2026-01-02T05:00', '2026-01-03T05:00']);
  assert.deepEqual(times('cron(0/20 8-9 * * ? *)', '2026-01-01T08:30:00Z', 3), [
    '2026-01-01T08:40',
    '2026-01-01T09:00',
    '2026-01-01T09:20',
  ]);
  assert.deepEqual(times('cron(15 10 ? * MON-FRI *)', '2026-01-02T12:00:00Z', 2), [
    '2026-01-05T10:15',
    '2026-01-06T10:15',
  ]);
  assert.deepEqual(times('cron(0 0 ? * FRI-MON *)', '2026-01-05T12:00:00Z', 2), [
    '2026-01-09T00:00',
    '2026-01-10T00:00',
  ]);
  assert.deepEqual(times('cron(0 12 1,15 JAN,JUL ? *)', '2026-01-02T00:00:00Z', 3), [
    '2026-01-15T12:00',
    '2026-07-01T12:00',
    '2026-07-15T12:00',
  ]);
  assert.deepEqual(times('cron(0 0 29 2 ? *)', '2026-01-01T00:00:00Z', 1), ['2028-02-29T00:00']);
  assert.deepEqual(times('cron(0 0 1 1 ? 2027)', '2026-06-01T00:00:00Z', 2), ['2027-01-01T00:00']);
});

test('last days, nearest weekdays, numbered weekdays', () => {
  assert.deepEqual(times('cron(0 0 L * ? *)', '2026-01-31T12:00:00Z', 2), ['2026-02-28T00:00', '2026-03-31T00:00']);
  assert.deepEqual(times('cron(0 0 LW * ? *)', '2026-01-01T00:00:00Z', 2), ['2026-01-30T00:00', '2026-02-27T00:00']);
  // 15 February 2026 is a Sunday, 1 August a Saturday.
  assert.deepEqual(times('cron(0 0 15W 2 ? *)', '2026-01-01T00:00:00Z', 1), ['2026-02-16T00:00']);
  assert.deepEqual(times('cron(0 0 1W 8 ? *)', '2026-01-01T00:00:00Z', 1), ['2026-08-03T00:00']);
  assert.deepEqual(times('cron(0 0 ? * 3#2 *)', '2026-01-01T00:00:00Z', 2), ['2026-01-13T00:00', '2026-02-10T00:00']);
  assert.deepEqual(times('cron(0 0 ? * 6L *)', '2026-01-01T00:00:00Z', 1), ['2026-01-30T00:00']);
});

test('time zones hold through the changes of their clocks', () => {
  const berlin = 'Europe/Berlin';
  assert.deepEqual(times('cron(0 5 * * ? *)', '2026-03-27T12:00:00Z', 3, berlin), [
    '2026-03-28T04:00',
    '2026-03-29T03:00',
    '2026-03-30T03:00',
  ]);
  // 02:30 is not there on 29 March, and is there twice on 25 October.
  assert.deepEqual(times('cron(30 2 29 3 ? 2026)', '2026-03-01T00:00:00Z', 1, berlin), []);
  assert.deepEqual(times('cron(30 2 25 10 ? 2026)', '2026-10-01T00:00:00Z', 2, berlin), ['2026-10-25T00:30']);
  assert.deepEqual(times('at(2026-07-01T08:00:00)', '2026-01-01T00:00:00Z', 2, 'America/New_York'), [
    '2026-07-01T12:00',
  ]);
});

test('rates count from their start', () => {
  assert.deepEqual(times('rate(12 hours)', '2026-01-01T03:00:00Z', 2), ['2026-01-01T15:00', '2026-01-02T03:00']);
  assert.deepEqual(times('rate(1 minute)', '2026-01-01T03:00:30Z', 1), ['2026-01-01T03:01']);
});

test('what is no schedule is none', () => {
  const wrong = [
    'cron(0 5 * * * *)',
    'cron(0 5 ? * ? *)',
    'cron(0 5 * * ?)',
    'cron(60 5 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 5 32 * ? *)',
    'cron(0 5 ? * 8 *)',
    'cron(0 5 ? * XYZ *)',
    'cron(0 5 9-3 * ? *)',
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 hours)',
    'rate(5 weeks)',
    'at(tomorrow)',
    'at(2026-13-01T00:00:00)',
    '0 5 * * *',
  ];
  for (const expression of wrong) {
    const schedule = parseSchedule(expression, { startMs: 0 });
    assert.equal(schedule, undefined, expression);
  }
  assert.equal(parseSchedule('cron(0 5 * * ? *)', { startMs: 0, timeZone: 'Mars/Olympus' }), undefined);
});
