import { partitionOf } from '../../../kernel/caller.js';
import { Records } from '../../../kernel/records.js';
import type { Invoker } from '../invocation/invoker.js';
import type { LambdaParts } from '../lambda-parts.js';
import { MappingContext } from './mapping-context.js';
import { MappingPoller } from './mapping-poller.js';
import { isQueue, type MappingRecord, SHARDS } from './mapping-record.js';
import { QueuePoller } from './queue-poller.js';
import type { ShardRecord } from './shard-worker.js';

/** The mappings that run, and the way from what a mapping was to what it is to be. */
export class RunningMappings {
  readonly #running = new Map<string, { context: MappingContext; poller: MappingPoller | QueuePoller }>();
  /** One transition of a mapping after the other. */
  readonly #transitions = new Map<string, Promise<void>>();
  readonly #shards: Records<ShardRecord>;
  #isClosing = false;

  constructor(
    private readonly parts: LambdaParts,
    private readonly invoker: Invoker,
    private readonly records: Records<MappingRecord>,
  ) {
    this.#shards = new Records(parts.kernel.store, SHARDS);
  }

  /** Takes up all that ran, or was on its way, when the endpoint stopped. */
  start(): void {
    for (const record of this.records.all()) this.settle(record);
  }

  closing(): void {
    this.#isClosing = true;
    for (const { context } of this.#running.values()) {
      context.isClosing = true;
      context.isStopped = true;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#transitions.values()]);
    await Promise.all([...this.#running.values()].map(({ poller }) => poller.stop()));
  }

  /** Makes a mapping what its record says that it is to be; nobody waits for it. */
  settle({ uuid, caller }: MappingRecord): void {
    const before = this.#transitions.get(uuid) ?? Promise.resolve();
    const transition = before.then(() => this.#settle(partitionOf(caller), uuid));
    this.#transitions.set(uuid, transition);
    const done = transition.finally(() => {
      if (this.#transitions.get(uuid) === transition) this.#transitions.delete(uuid);
    });
    this.parts.kernel.activity.track(`event source mapping ${uuid}`, done);
  }

  async #settle(partition: string, uuid: string): Promise<void> {
    await this.#running.get(uuid)?.poller.stop();
    this.#running.delete(uuid);
    if (this.#isClosing) return;
    const record = await this.parts.kernel.store.change((writer) => {
      const present = this.records.getFrom(writer, partition, uuid);
      if (present === undefined) return undefined;
      if (present.state === 'Deleting') {
        this.records.deleteIn(writer, partition, uuid);
        for (const [shardId] of [...this.#shards.list(uuid)]) this.#shards.deleteIn(writer, uuid, shardId);
        return undefined;
      }
      const state: MappingRecord['state'] = present.isEnabled ? 'Enabled' : 'Disabled';
      const settled: MappingRecord = { ...present, state };
      if (present.state !== state) this.records.putIn(writer, partition, uuid, settled);
      return settled;
    });
    if (record?.isEnabled !== true || this.#isClosing) return;
    const context = new MappingContext(this.parts, this.invoker, record, (result) =>
      this.#report(partition, uuid, result),
    );
    const poller = isQueue(record) ? new QueuePoller(context) : new MappingPoller(context);
    this.#running.set(uuid, { context, poller });
    poller.start();
  }

  /** Keeps the LastProcessingResult, when it is another. */
  #report(partition: string, uuid: string, lastProcessingResult: string): void {
    const present = this.records.get(partition, uuid);
    if (present === undefined || present.lastProcessingResult === lastProcessingResult || this.#isClosing) return;
    const changing = this.parts.kernel.store.change((writer) => {
      const record = this.records.getFrom(writer, partition, uuid);
      if (record !== undefined) this.records.putIn(writer, partition, uuid, { ...record, lastProcessingResult });
    });
    this.parts.kernel.activity.track(`event source mapping ${uuid}`, changing);
  }
}
