import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Timer } from '@tablewright/base';
import type { Kernel } from '../../kernel/kernel.js';
import { type AlarmActions, isScalingPolicy } from './alarm-actions.js';
import {
  type AlarmPoint,
  type AlarmRule,
  evaluateAlarm,
  isComparison,
  SPARE_PERIODS,
  type Verdict,
} from './alarm-evaluation.js';
import { type AlarmRecord, type AlarmState, actionsOf, alarmTime, type MetricAlarmSettings } from './alarm-record.js';
import type { AlarmStore } from './alarm-store.js';
import { compileRule } from './composite-rule.js';
import { periodMsOf } from './datapoints.js';
import { runQueries } from './metric-query.js';
import { identity, type MetricStore, MINUTE_MS } from './metric-store.js';

/**
 * Evaluates alarms each minute, on the kernel's clock, as long as there is anything to evaluate: where no metric has
 * data and every alarm has drawn its conclusion from that, it waits until data or an alarm comes.
 */
export class AlarmSchedule {
  #timer: Timer | undefined;
  #stopWatching: () => void = () => {};
  #isClosed = false;

  constructor(
    private readonly kernel: Kernel,
    private readonly alarms: AlarmStore,
    private readonly metrics: MetricStore,
    private readonly actions: AlarmActions,
  ) {}

  start(): void {
    this.#stopWatching = this.kernel.ports.metrics.observe(() => this.wake());
    this.wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWatching();
    this.#timer?.cancel();
  }

  /** Alarms or data have come. */
  wake(): void {
    if (this.#timer !== undefined || this.#isClosed || !this.#hasAlarms()) return;
    const nowMs = this.kernel.clock.nowMs();
    const nextMs = (Math.floor(nowMs / MINUTE_MS) + 1) * MINUTE_MS;
    this.#timer = this.kernel.clock.after(nextMs - nowMs, () =>
      this.#evaluateAll(nextMs).catch((fault) => this.kernel.reportFault('evaluation of alarms', fault)),
    );
  }

  /** Stores a new state with its history, and carries out what it calls for. */
  async setState(alarm: AlarmRecord, state: AlarmState, reason: string, reasonData?: string): Promise<void> {
    const nowMs = this.kernel.clock.nowMs();
    const before = alarm.state;
    const after = await this.alarms.update(
      alarm,
      alarm.name,
      (current) =>
        current && {
          ...current,
          state,
          stateReason: reason,
          stateReasonData: reasonData,
          stateUpdatedMs: nowMs,
          stateTransitionedMs: before === state ? current.stateTransitionedMs : nowMs,
        },
      () =>
        before === state
          ? []
          : [
              {
                type: 'StateUpdate',
                summary: `Alarm updated from ${before} to ${state}`,
                data: JSON.stringify({
                  version: '1.0',
                  oldState: stateOf(before, alarm.stateReason, alarm.stateReasonData),
                  newState: stateOf(state, reason, reasonData),
                }),
              },
            ],
    );
    if (after !== undefined && before !== state) await this.actions.changed(after, before);
  }

  #hasAlarms(): boolean {
    for (const _ of this.alarms.alarms.all()) return true;
    return false;
  }

  async #evaluateAll(nowMs: number): Promise<void> {
    this.#timer = undefined;
    if (this.#isClosed) return;
    await this.kernel.ports.metrics.gather();
    let isDone = true;
    const all = [...this.alarms.alarms.all()];
    for (const alarm of all.filter(({ metric }) => metric !== undefined)) {
      if (await this.#evaluate(alarm, nowMs)) isDone = false;
    }
    for (const alarm of all.filter(({ rule }) => rule !== undefined)) await this.#evaluateComposite(alarm);
    if (!isDone) this.wake();
  }

  /** Resolves to whether the alarm may come to another result without new data. */
  async #evaluate(alarm: AlarmRecord, nowMs: number): Promise<boolean> {
    const { metric } = alarm;
    const rule = metric && ruleOf(metric);
    if (metric === undefined || rule === undefined) return false;
    const periodMs = periodMsOf(metric.Period ?? shortestPeriod(metric));
    const count = rule.evaluationPeriods + SPARE_PERIODS;
    const startMs = nowMs - count * periodMs;
    const isEmpty = this.#isWithoutData(alarm, metric, startMs);
    const points = isEmpty
      ? emptyPoints(startMs, periodMs, count)
      : this.#points(alarm, metric, startMs, periodMs, count);
    const verdict = evaluateAlarm(rule, points, alarm.state);
    if (verdict !== undefined && verdict.state !== alarm.state) {
      await this.setState(alarm, verdict.state, verdict.reason, reasonData(metric, verdict, periodMs, nowMs));
      return true;
    }
    const tellsAgain = alarm.state === 'ALARM' && actionsOf(alarm, 'ALARM').some(isScalingPolicy);
    if (tellsAgain) await this.actions.stays(alarm);
    return tellsAgain || !isEmpty;
  }

  async #evaluateComposite(alarm: AlarmRecord): Promise<void> {
    const holds = compileRule(alarm.rule ?? 'FALSE')((name) => this.alarms.find(alarm, name)?.state);
    const state = holds ? 'ALARM' : 'OK';
    if (state === alarm.state) return;
    await this.setState(alarm, state, `${alarm.rule} evaluates to ${holds ? 'TRUE' : 'FALSE'}`);
  }

  /** A quick look, for alarms on metrics that have been quiet for long. */
  #isWithoutData(alarm: AlarmRecord, metric: MetricAlarmSettings, startMs: number): boolean {
    if (metric.MetricName === undefined || metric.Namespace === undefined) return false;
    const latestMs = this.metrics.latestMs(alarm, identity(metric.Namespace, metric.MetricName, metric.Dimensions));
    return latestMs === undefined || latestMs < startMs;
  }

  /** Newest first. */
  #points(
    alarm: AlarmRecord,
    metric: MetricAlarmSettings,
    startMs: number,
    periodMs: number,
    count: number,
  ): AlarmPoint[] {
    const queries = queriesOf(metric);
    const window = { startMs, endMs: startMs + count * periodMs, isAligned: false };
    const results = runQueries(this.metrics, alarm, queries, window);
    const shown = queries.find(({ ReturnData }) => ReturnData !== false)?.Id ?? '';
    const series = results.get(shown)?.series ?? new Map<number, number>();
    return emptyPoints(startMs, periodMs, count).map(({ timeMs }) => ({ timeMs, value: series.get(timeMs) }));
  }
}

function queriesOf(metric: MetricAlarmSettings): MetricDataQuery[] {
  if (metric.Metrics !== undefined) return [...metric.Metrics];
  const { MetricName, Namespace, Dimensions, Period, Unit, Statistic, ExtendedStatistic } = metric;
  const MetricStat = {
    Metric: { MetricName, Namespace, Dimensions },
    Period,
    Unit,
    Stat: ExtendedStatistic ?? Statistic,
  };
  return [{ Id: 'm', MetricStat }];
}

function shortestPeriod({ Metrics = [] }: MetricAlarmSettings): number {
  const periods = Metrics.flatMap(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? []);
  return periods.length === 0 ? 60 : Math.min(...periods);
}

function ruleOf(metric: MetricAlarmSettings): AlarmRule | undefined {
  const { EvaluationPeriods: evaluationPeriods = 1, ComparisonOperator: operator, Threshold: threshold = 0 } = metric;
  if (!isComparison(operator)) return undefined;
  const given = metric.TreatMissingData;
  const missing = given === 'breaching' || given === 'notBreaching' || given === 'ignore' ? given : 'missing';
  return {
    evaluationPeriods,
    datapointsToAlarm: metric.DatapointsToAlarm ?? evaluationPeriods,
    threshold,
    operator,
    missing,
  };
}

function emptyPoints(startMs: number, periodMs: number, count: number): AlarmPoint[] {
  return Array.from({ length: count }, (_, at) => ({
    timeMs: startMs + (count - 1 - at) * periodMs,
    value: undefined,
  }));
}

function reasonData(metric: MetricAlarmSettings, verdict: Verdict, periodMs: number, nowMs: number): string {
  const oldest = verdict.points.at(-1);
  return JSON.stringify({
    version: '1.0',
    queryDate: alarmTime(nowMs),
    ...(oldest !== undefined && { startDate: alarmTime(oldest.timeMs) }),
    ...(metric.Unit !== undefined && { unit: metric.Unit }),
    ...(metric.Statistic !== undefined && { statistic: metric.Statistic }),
    period: periodMs / 1000,
    recentDatapoints: verdict.points.map(({ value }) => value).toReversed(),
    threshold: metric.Threshold,
    evaluatedDatapoints: verdict.points.map(({ timeMs, value }) => ({ timestamp: alarmTime(timeMs), value })),
  });
}

function stateOf(stateValue: AlarmState, stateReason: string, data: string | undefined): object {
  return { stateValue, stateReason, ...(data !== undefined && { stateReasonData: JSON.parse(data) as unknown }) };
}
