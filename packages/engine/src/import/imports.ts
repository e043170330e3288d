import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import type { ControlContext } from '../control/control-context.js';
import { failureOf, type JobFailure } from '../jobs/job-failure.js';
import { type JobRunner, type JobSignal, JobStopped } from '../jobs/job-runner.js';
import { Jobs } from '../jobs/jobs.js';
import type { ObjectStore } from '../object-store.js';
import { runImport } from './import-job.js';
import type { ImportLog } from './import-log.js';
import type { ImportRecord } from './import-record.js';
import { ImportTarget } from './import-target.js';

export interface ImportsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly runner: JobRunner;
  readonly transitionDelayMs: number;
  readonly objectStore?: ObjectStore;
  readonly importLog?: ImportLog;
}

const ITEM_VALIDATION_ERROR: JobFailure = {
  code: 'ItemValidationError',
  message:
    'Some of the items failed validation checks and were not imported. Please check CloudWatch error logs for more ' +
    'details.',
};

/** The imports of one engine, and the work of those under way. */
export class Imports {
  readonly jobs: Jobs<ImportRecord>;
  #target: ImportTarget | undefined;

  constructor(private readonly options: ImportsOptions) {
    this.jobs = new Jobs(options, 'import');
  }

  /** Takes up what an earlier stop or kill left under way. */
  start(context: ControlContext): void {
    this.#target = new ImportTarget(context);
    for (const record of this.jobs.running()) this.run(record);
    this.jobs.prune().catch(() => {});
  }

  run({ arn }: ImportRecord): void {
    const { runner, objectStore } = this.options;
    const target = this.#target;
    if (objectStore === undefined || target === undefined) return;
    runner.start(arn, (signal) => this.#run(arn, objectStore, target, signal));
  }

  async #run(arn: string, objectStore: ObjectStore, target: ImportTarget, signal: JobSignal): Promise<void> {
    const record = this.jobs.find(arn);
    if (record === undefined || record.status !== 'IN_PROGRESS') return;
    try {
      const done = await runImport({ ...this.options, objectStore, jobs: this.jobs, signal, target }, record);
      if (this.#waits(done)) return;
      const hasErrors = done.progress.errors > 0;
      await this.#end(target, done, hasErrors ? ITEM_VALIDATION_ERROR : undefined);
    } catch (error) {
      if (error instanceof JobStopped) return;
      await this.#end(target, this.jobs.find(arn) ?? record, failureOf(error, this.options.random));
    }
  }

  /** Whether the work is done before the time is; then the end is left to a timer. */
  #waits(record: ImportRecord): boolean {
    const { clock, transitionDelayMs } = this.options;
    const restMs = record.startMs + transitionDelayMs - clock.nowMs();
    if (restMs <= 0) return false;
    clock.after(restMs, () => this.run(record));
    return true;
  }

  /** The table first, as on AWS; a start in between ends the import once more. */
  async #end(target: ImportTarget, record: ImportRecord, failure: JobFailure | undefined): Promise<void> {
    const { clock } = this.options;
    const ended: ImportRecord = {
      ...record,
      status: failure === undefined ? 'COMPLETED' : 'FAILED',
      endMs: clock.nowMs(),
      ...(failure !== undefined && { failure }),
    };
    await target.open(ended);
    await this.jobs.put(ended);
  }
}
