import type { AlarmState } from './alarm-record.js';

/** A period that an alarm looks at; `value` is undefined where there is no data. */
export interface AlarmPoint {
  readonly timeMs: number;
  readonly value: number | undefined;
}

export interface AlarmRule {
  readonly evaluationPeriods: number;
  /** At most `evaluationPeriods`. */
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly operator: ComparisonOperator;
  readonly missing: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
}

export type ComparisonOperator =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

export interface Verdict {
  readonly state: AlarmState;
  readonly reason: string;
  /** The points that decided, newest first. */
  readonly points: readonly AlarmPoint[];
}

/** Periods that are looked at beyond those that are evaluated, for when some of these have no data. */
export const SPARE_PERIODS = 2;

const COMPARISONS: Readonly<
  Record<ComparisonOperator, { readonly holds: (value: number, threshold: number) => boolean; readonly words: string }>
> = {
  GreaterThanOrEqualToThreshold: { holds: (value, limit) => value >= limit, words: 'greater than or equal to' },
  GreaterThanThreshold: { holds: (value, limit) => value > limit, words: 'greater than' },
  LessThanThreshold: { holds: (value, limit) => value < limit, words: 'less than' },
  LessThanOrEqualToThreshold: { holds: (value, limit) => value <= limit, words: 'less than or equal to' },
};

export function isComparison(name: string | undefined): name is ComparisonOperator {
  return name !== undefined && Object.hasOwn(COMPARISONS, name);
}

/**
 * What an alarm makes of its latest periods, newest first; undefined: its state stays.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluateAlarm(
  rule: AlarmRule,
  periods: readonly AlarmPoint[],
  before: AlarmState,
): Verdict | undefined {
  const { evaluationPeriods, datapointsToAlarm, missing } = rule;
  const breaches = ({ value }: AlarmPoint): boolean =>
    value !== undefined && COMPARISONS[rule.operator].holds(value, rule.threshold);
  const known = periods.filter(({ value }) => value !== undefined).slice(0, evaluationPeriods);
  const breaching = known.filter(breaches);
  const lacking = evaluationPeriods - known.length;
  const verdict = (state: AlarmState): Verdict => ({
    state,
    points: known,
    reason: reasonOf(rule, state, known, breaching, lacking, before),
  });
  if (lacking === 0) return verdict(breaching.length >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (missing === 'breaching') return verdict(breaching.length + lacking >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (breaching.length >= datapointsToAlarm) return verdict('ALARM');
  if (missing === 'notBreaching') return verdict('OK');
  if (known.length === 0) return missing === 'ignore' ? undefined : verdict('INSUFFICIENT_DATA');
  if (breaching.length === 0) return verdict('OK');
  if (missing === 'ignore') return undefined;
  // No alarm from a single point that has just come; but one that is old enough, with nothing better since, is one.
  const oldestAt = periods.findLastIndex(breaches);
  const sinceThen = periods.slice(0, oldestAt + 1).every((point) => point.value === undefined || breaches(point));
  return verdict(sinceThen && oldestAt + 1 >= datapointsToAlarm ? 'ALARM' : 'OK');
}

function reasonOf(
  rule: AlarmRule,
  state: AlarmState,
  known: readonly AlarmPoint[],
  breaching: readonly AlarmPoint[],
  lacking: number,
  before: AlarmState,
): string {
  const { evaluationPeriods, threshold, operator, datapointsToAlarm, missing } = rule;
  if (state === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${counted(evaluationPeriods, 'datapoint')} ${evaluationPeriods === 1 ? 'was' : 'were'} unknown.`;
  }
  const { words } = COMPARISONS[operator];
  if (known.length === 0) {
    const filled = missing === 'breaching' ? 'Breaching' : 'NonBreaching';
    return (
      `Threshold Crossed: no datapoints were received for ${counted(evaluationPeriods, 'period')} and ` +
      `${counted(lacking, 'missing datapoint')} ${lacking === 1 ? 'was' : 'were'} treated as [${filled}].`
    );
  }
  const shown =
    state === 'ALARM' && breaching.length > 0 ? breaching : known.filter((point) => !breaching.includes(point));
  const points = shown.length > 0 ? shown : known;
  const list = points.map(({ value, timeMs }) => `${decimal(value ?? 0)} (${shortTime(timeMs)})`).join(', ');
  const subject =
    evaluationPeriods === 1
      ? `1 datapoint [${list}] was`
      : `${points.length} out of the last ${counted(evaluationPeriods, 'datapoint')} [${list}] ${points.length === 1 ? 'was' : 'were'}`;
  const not = state === 'ALARM' ? '' : 'not ';
  const needed = state === 'ALARM' ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const transition = state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK';
  const minimum = before === state ? '' : ` (minimum ${counted(needed, 'datapoint')} for ${transition} transition)`;
  return `Threshold Crossed: ${subject} ${not}${words} the threshold (${decimal(threshold)})${minimum}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** As AWS writes numbers here: 21 is `21.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** `28/11/26 11:05:00` */
function shortTime(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}
