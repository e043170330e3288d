import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import type { ControlContext } from '../control/control-context.js';
import { failureOf, type JobFailure } from '../jobs/job-failure.js';
import { type JobRunner, type JobSignal, JobStopped } from '../jobs/job-runner.js';
import { Jobs } from '../jobs/jobs.js';
import type { ObjectStore } from '../object-store.js';
import type { BulkRecord, BulkStatus } from './bulk-record.js';
import { BulkRun } from './bulk-run.js';
import { deleteLines } from './report-entries.js';

export interface BulkJobsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly runner: JobRunner;
  readonly transitionDelayMs: number;
  readonly objectStore?: ObjectStore;
}

const CANCELLED: JobFailure = { code: 'Cancelled', message: 'The bulk operation was cancelled by a request.' };

/**
 * The bulk operations of one engine, and the work of those under way: items from S3 are put into tables that are there.
 *
 * Imitates https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.Requesting.html. Differs: the form
 * of ARNs, of records with conditions, of reports and of failure codes is made up where no document at hand shows it
 * (`conformance/KNOWN_DIFFERENCES.md`); both performance tiers write as fast as the machine does.
 */
export class BulkJobs {
  readonly jobs: Jobs<BulkRecord>;
  readonly #runs = new Map<string, BulkRun>();
  #context: ControlContext | undefined;

  constructor(private readonly options: BulkJobsOptions) {
    this.jobs = new Jobs(options, 'bulk-operation');
  }

  /** Takes up what an earlier stop or kill left under way. */
  start(context: ControlContext): void {
    this.#context = context;
    for (const record of this.jobs.running()) this.run(record);
    this.jobs.prune().catch(() => {});
  }

  /** No job may run any more. */
  async close(): Promise<void> {
    for (const run of this.#runs.values()) await run.close();
  }

  /** Whether an operation under way writes to the table with this id. */
  isWritingTo(tableId: string): boolean {
    return this.jobs.running().some(({ table }) => table.id === tableId);
  }

  run({ arn, startMs }: BulkRecord): void {
    const { clock, transitionDelayMs } = this.options;
    const restMs = startMs + transitionDelayMs - clock.nowMs();
    if (restMs <= 0) this.#start(arn);
    else clock.after(restMs, () => this.#start(arn));
  }

  #start(arn: string): void {
    const { runner, objectStore } = this.options;
    const context = this.#context;
    if (objectStore === undefined || context === undefined) return;
    runner.start(arn, (signal) => this.#run(arn, context, objectStore, signal));
  }

  async #run(arn: string, context: ControlContext, objectStore: ObjectStore, signal: JobSignal): Promise<void> {
    const record = this.jobs.find(arn);
    if (record === undefined || record.endMs !== undefined) return;
    const run = this.#runs.get(arn) ?? new BulkRun(context, objectStore, arn);
    this.#runs.set(arn, run);
    try {
      const restMs = await run.run(signal);
      if (restMs === undefined) await this.#end(run);
      else this.options.clock.after(restMs, () => this.#start(arn));
    } catch (error) {
      if (error instanceof JobStopped) return;
      await this.#fail(run, failureOf(error, this.options.random));
    }
  }

  /** All input is done, or the operation is cancelled, maybe while its reports are being written. */
  async #end(run: BulkRun): Promise<void> {
    await run.close();
    await run.reports.flush(true);
    for (;;) {
      const status = endOf(run.record);
      const endMs = this.options.clock.nowMs();
      await run.reports.writeManifest(status, endMs);
      if (endOf(run.record) !== status) continue;
      await this.#store({
        ...run.record,
        status,
        endMs,
        ...(status === 'CANCELLED' && { failure: CANCELLED }),
      });
      return;
    }
  }

  /** What can still be reported is, as far as the failure lets it. */
  async #fail(run: BulkRun, failure: JobFailure): Promise<void> {
    const endMs = this.options.clock.nowMs();
    await run.close();
    try {
      await run.reports.flush(true);
      await run.reports.writeManifest('FAILED', endMs);
    } catch {
      // The output may be what failed.
    }
    await this.#store({ ...run.record, status: 'FAILED', endMs, failure });
  }

  async #store(ended: BulkRecord): Promise<void> {
    this.#runs.delete(ended.arn);
    await this.options.store.change((writer) => {
      deleteLines(writer, ended.arn, 'ERROR');
      deleteLines(writer, ended.arn, 'CONDITION_CHECK_FAILURE');
      this.jobs.putIn(writer, ended);
    });
  }
}

function endOf({ status, progress }: BulkRecord): BulkStatus {
  if (status === 'CANCELLING') return 'CANCELLED';
  return progress.failed > 0 ? 'COMPLETED_WITH_ERRORS' : 'COMPLETED';
}
