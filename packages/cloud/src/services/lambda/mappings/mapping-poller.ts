import type { Timer } from '@tablewright/base';
import { Records } from '../../../kernel/records.js';
import { ServiceError } from '../../../wire/index.js';
import type { MappingContext } from './mapping-context.js';
import { SHARDS } from './mapping-record.js';
import { type ShardRecord, ShardWorker } from './shard-worker.js';
import { isCode, type Shard, type StreamReader } from './stream-reader.js';
import { cannotAccess, streamKind, streamReader } from './stream-source.js';

/** A stream that cannot be read is tried again after this. */
const PROBLEM_RETRY_MS = 5000;

/**
 * A mapping that runs: woken by the stream, it reads each shard once the shard's parents are done with. Nothing happens
 * while the stream does not change.
 */
export class MappingPoller {
  readonly #records: Records<ShardRecord>;
  readonly #reader: StreamReader;
  /** By the shards' keys. */
  readonly #workers = new Map<string, ShardWorker>();
  #unsubscribe: (() => void) | undefined;
  /** Shards are to be looked for. */
  #isStale = true;
  #round: Promise<void> | undefined;
  #again = false;
  #timer: Timer | undefined;
  /** It could not be read when it was last tried. */
  #isTroubled = false;

  constructor(private readonly context: MappingContext) {
    const { kernel } = context.parts;
    this.#records = new Records(kernel.store, SHARDS);
    this.#reader = streamReader(context.parts, context.mapping, () => context.resolve());
  }

  start(): void {
    const { parts, mapping } = this.context;
    this.#unsubscribe = streamKind(mapping.sourceArn).subscribe(parts.kernel, mapping.sourceArn, (change) => {
      if (change === 'stream') this.#isStale = true;
      this.#wake();
    });
    this.#wake();
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.context.isStopped = true;
    this.#unsubscribe?.();
    this.#timer?.cancel();
    await this.#round;
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
  }

  #wake(): void {
    if (this.context.isStopped) return;
    this.#again = true;
    this.#round ??= this.#run().finally(() => {
      this.#round = undefined;
    });
    this.context.track(this.#round);
  }

  async #run(): Promise<void> {
    while (this.#again && !this.context.isStopped) {
      this.#again = false;
      try {
        if (this.#isStale || this.#workers.size === 0) await this.#findShards();
        for (const worker of this.#workers.values()) worker.wake();
      } catch (error) {
        this.#failed(error);
        return;
      }
    }
  }

  async #findShards(): Promise<void> {
    // Before asking: what changes meanwhile makes it stale again.
    this.#isStale = false;
    const shards = await this.#reader.shards();
    const { uuid } = this.context.mapping;
    const kept = new Map(this.#records.list(uuid));
    const isDone = ({ key }: Shard): boolean => kept.get(key)?.isDone === true;
    const isWaiting = ({ parents }: Shard): boolean =>
      shards.some((shard) => parents.includes(shard.id) && !isDone(shard));
    for (const shard of shards) {
      if (this.#workers.has(shard.key) || isDone(shard) || isWaiting(shard)) continue;
      this.#workers.set(shard.key, this.#workerOf(shard, kept.get(shard.key) ?? this.#initial(shard)));
    }
    const keys = new Set(shards.map(({ key }) => key));
    for (const [key, worker] of [...this.#workers]) if (!keys.has(key)) worker.end();
    // What is kept of shards that have left the stream is of no use.
    for (const key of kept.keys()) if (!keys.has(key)) await this.#records.delete(uuid, key);
  }

  #initial({ id }: Shard): ShardRecord {
    const { startAfter } = this.context.mapping;
    const after = typeof startAfter === 'object' ? startAfter[id] : startAfter;
    return { lanes: [after === undefined ? {} : { after }] };
  }

  #workerOf(shard: Shard, record: ShardRecord): ShardWorker {
    const { uuid } = this.context.mapping;
    return new ShardWorker(this.context, shard, {
      reader: this.#reader,
      record,
      save: (changed) => this.#records.put(uuid, shard.key, changed),
      done: () => {
        this.#workers.delete(shard.key);
        this.#isStale = true;
        this.#wake();
      },
      failed: (error) => this.#failed(error),
      readable: () => this.#readable(),
    });
  }

  #readable(): void {
    if (this.#isTroubled) this.context.report('No records processed');
    this.#isTroubled = false;
  }

  #failed(error: unknown): void {
    if (this.context.isStopped) return;
    this.#isTroubled = true;
    if (!(error instanceof ServiceError)) {
      this.context.parts.kernel.reportFault(`event source mapping ${this.context.mapping.uuid}`, error);
    }
    this.context.report(`PROBLEM: ${this.#problem(error)}`);
    this.#isStale = true;
    this.#timer?.cancel();
    if (isCode(error, 'ResourceNotFoundException') && this.#isLost()) return;
    this.#timer = this.context.parts.kernel.clock.after(PROBLEM_RETRY_MS, () => {
      this.#wake();
      return this.#round;
    });
  }

  /**
   * Without its stream or its function there is nothing to try again: another stream of the name wakes when it is made,
   * and a record wakes that comes when another function has the name. It may also be a mere shard that has left the stream.
   */
  #isLost(): boolean {
    const { parts, mapping } = this.context;
    if (streamKind(mapping.sourceArn).latest(parts.kernel, mapping.sourceArn) === undefined) return true;
    try {
      this.context.resolve();
      return false;
    } catch {
      return true;
    }
  }

  #problem(error: unknown): string {
    if (isCode(error, 'AccessDeniedException', 'AccessDenied')) return cannotAccess(this.context.mapping.sourceArn);
    // What AWS says of a stream that is gone, among others.
    return 'internal Lambda error. Please contact Lambda customer support.';
  }
}
