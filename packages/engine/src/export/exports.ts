import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import { type History, unhex } from '../backup/history.js';
import type { Stamp } from '../backup/stamp.js';
import type { Catalog } from '../catalog/catalog.js';
import type { KmsKeyResolver } from '../control/encryption.js';
import { failureOf, type JobFailure } from '../jobs/job-failure.js';
import { type JobRunner, type JobSignal, JobStopped } from '../jobs/job-runner.js';
import { Jobs } from '../jobs/jobs.js';
import type { ObjectStore } from '../object-store.js';
import { runExport } from './export-job.js';
import type { ExportRecord } from './export-record.js';

export interface ExportsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly catalog: Catalog;
  readonly history: History;
  readonly runner: JobRunner;
  readonly transitionDelayMs: number;
  readonly resolveKmsKey: KmsKeyResolver;
  readonly objectStore?: ObjectStore;
}

/** The exports of one engine, and the work of those under way. */
export class Exports {
  readonly jobs: Jobs<ExportRecord>;

  constructor(private readonly options: ExportsOptions) {
    this.jobs = new Jobs(options, 'export');
  }

  /** Takes up what an earlier stop or kill left under way. */
  start(): void {
    for (const record of this.jobs.running()) this.run(record);
    this.jobs.prune().catch(() => {});
  }

  run(record: ExportRecord): void {
    const { clock, transitionDelayMs, runner, objectStore } = this.options;
    if (objectStore === undefined) return;
    const dueMs = record.startMs + transitionDelayMs;
    const job = (signal: JobSignal) => this.#run(record.arn, objectStore, signal);
    if (clock.nowMs() >= dueMs) runner.start(record.arn, job);
    else clock.after(dueMs - clock.nowMs(), () => runner.start(record.arn, job));
  }

  async #run(arn: string, objectStore: ObjectStore, signal: JobSignal): Promise<void> {
    const record = this.jobs.find(arn);
    if (record === undefined || record.status !== 'IN_PROGRESS') return;
    try {
      const done = await runExport({ ...this.options, objectStore, jobs: this.jobs, signal }, record);
      await this.#end(done, 'COMPLETED');
    } catch (error) {
      if (error instanceof JobStopped) return;
      await this.#end(record, 'FAILED', failureOf(error, this.options.random));
    }
  }

  #end(record: ExportRecord, status: 'COMPLETED' | 'FAILED', failure?: JobFailure): Promise<void> {
    const { catalog, history, clock } = this.options;
    return catalog.change((changes) => {
      for (const [name] of exportPins(record)) history.unpin(changes, record.table.storageNumber, name);
      const ended = {
        ...record,
        status,
        endMs: record.endMs ?? clock.nowMs(),
        ...(failure !== undefined && { failure }),
      };
      this.jobs.putIn(changes.writer, ended);
    });
  }
}

/** What keeps the past of the table as long as the export needs it. */
export function exportPins({ arn, full, incremental }: ExportRecord): [name: string, stamp: Stamp][] {
  if (full !== undefined) return [[`export ${arn}`, unhex(full.stamp)]];
  if (incremental === undefined) return [];
  return [
    [`export ${arn} from`, unhex(incremental.from)],
    [`export ${arn} to`, unhex(incremental.to)],
  ];
}
