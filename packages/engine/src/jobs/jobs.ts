import type { Clock, Random } from '@tablewright/base';
import type { Store, Writer } from '@tablewright/store';
import type { Caller } from '../catalog/table.js';
import type { JobKind } from './job-arn.js';

// Exports, imports and bulk operations lie in the store under "Dy" kind "/" ARN, as JSON.

/** What every job has. Times in epoch milliseconds. */
export interface JobRecord {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly status: string;
  readonly clientToken: string;
  readonly startMs: number;
  /** Absent while the job is under way. */
  readonly endMs?: number;
}

/** Docs: ListBulkOperations, ListExports, ListImports: "within the past 90 days". */
const KEPT_MS = 90 * 24 * 3600 * 1000;
/** Docs: ExportTableToPointInTime, ImportTable, ClientToken: "valid for 8 hours after the first request … completed". */
const TOKEN_VALID_MS = 8 * 3600 * 1000;

/** Every job of one kind, of every account and region, held in memory and written through to the store. */
export class Jobs<T extends JobRecord> {
  readonly #byArn = new Map<string, T>();
  readonly #prefix: string;

  constructor(
    private readonly options: { readonly store: Store; readonly clock: Clock; readonly random: Random },
    kind: JobKind,
  ) {
    this.#prefix = `Dy${kind}/`;
    // "0" is the character after "/".
    for (const { value } of options.store.range({ start: this.#prefix, end: `Dy${kind}0` })) {
      // The store holds only what this class wrote, so the shape is known.
      const record = JSON.parse(value.toString('utf8')) as T;
      this.#byArn.set(record.arn, record);
    }
  }

  find(arn: string): T | undefined {
    const record = this.#byArn.get(arn);
    return record !== undefined && this.#isKept(record) ? record : undefined;
  }

  /** Those of one account and region, in no order. */
  list({ accountId, region }: Caller): T[] {
    const own = [...this.#byArn.values()].filter((job) => job.accountId === accountId && job.region === region);
    return own.filter((job) => this.#isKept(job));
  }

  running(): T[] {
    return [...this.#byArn.values()].filter(({ endMs }) => endMs === undefined);
  }

  /** The job that an earlier request began under this token, as long as the token counts. */
  ofToken(caller: Caller, token: string): T | undefined {
    const nowMs = this.options.clock.nowMs();
    const found = this.list(caller).filter(
      (job) => job.clientToken === token && nowMs < (job.endMs ?? nowMs) + TOKEN_VALID_MS,
    );
    return found.sort((one, other) => other.startMs - one.startMs)[0];
  }

  /** The ARN of a job that begins now. */
  newArn(kind: JobKind, tableArn: string, startMs: number): string {
    const head = `${tableArn}/${kind}/${String(Math.floor(startMs)).padStart(14, '0')}-`;
    for (;;) {
      const arn = head + Buffer.from(this.options.random.bytes(4)).toString('hex');
      if (!this.#byArn.has(arn)) return arn;
    }
  }

  /** Durable once the promise resolves. */
  put(record: T): Promise<void> {
    return this.options.store.change((writer) => this.putIn(writer, record));
  }

  /** Within a change of the caller's, which nothing may fail after it. */
  putIn(writer: Writer, record: T): void {
    writer.put(this.#prefix + record.arn, Buffer.from(JSON.stringify(record)));
    this.#byArn.set(record.arn, record);
  }

  /** Drops what is older than AWS keeps. */
  async prune(): Promise<void> {
    const old = [...this.#byArn.values()].filter((job) => !this.#isKept(job));
    if (old.length === 0) return;
    await this.options.store.change((writer) => {
      for (const { arn } of old) writer.delete(this.#prefix + arn);
    });
    for (const { arn } of old) this.#byArn.delete(arn);
  }

  #isKept({ endMs }: T): boolean {
    return endMs === undefined || this.options.clock.nowMs() - endMs < KEPT_MS;
  }
}
