import { crc32 } from 'node:zlib';
import { Lane, type LaneRecord } from './lane.js';
import type { MappingContext } from './mapping-context.js';
import { recordTest } from './mapping-input.js';
import { encodeEvent } from './stream-event.js';
import { isBefore, type Shard, ShardPosition, type StreamReader, type StreamRecord } from './stream-reader.js';

/** What is kept of a shard. */
export interface ShardRecord {
  readonly lanes: readonly LaneRecord[];
  /** All of it has been dealt with, and nothing more will come. */
  readonly isDone?: boolean;
}

/** So many records are asked for at once. */
const PAGE_RECORDS = 1000;
/** What is in memory of all lanes, beyond which reading waits: so much, but at least the largest batch of each lane. */
const BUFFER_RECORDS = 5000;
const BUFFER_BYTES = 64 * 1024 * 1024;

/** Reads one shard, filters its records and hands them to its lanes. */
export class ShardWorker {
  readonly #lanes: readonly Lane[];
  readonly #position: ShardPosition;
  /** The last record that the lanes have got, or that the filters kept back. */
  #handedTo: string | undefined;
  readonly #passes: (event: unknown) => boolean;
  #isEnd = false;
  #isDone = false;
  /** Nothing more was there when it was last read. */
  #isCaughtUp = false;
  #filling: Promise<void> | undefined;
  #savedAt: string | undefined;

  constructor(
    private readonly context: MappingContext,
    private readonly shard: Shard,
    private readonly options: {
      readonly reader: StreamReader;
      readonly record: ShardRecord;
      readonly save: (record: ShardRecord) => Promise<void>;
      /** All of the shard is dealt with. */
      readonly done: () => void;
      /** It could be read. */
      readonly readable: () => void;
      /** It could not be read. */
      readonly failed: (error: unknown) => void;
    },
  ) {
    const { settings } = context.mapping;
    this.#passes = recordTest(settings.filterCriteria);
    const records = laneRecords(options.record, settings.parallelizationFactor);
    this.#position = new ShardPosition(lowest(records));
    this.#handedTo = this.#position.after;
    this.#savedAt = this.#handedTo;
    const shardOfLane = {
      id: shard.id,
      isEnd: () => this.#isEnd,
      retentionMs: () => options.reader.retentionMs,
      save: () => this.#save(),
      progressed: () => this.#progressed(),
    };
    this.#lanes = records.map((record) => new Lane(context, shardOfLane, record));
  }

  /** There may be something new. */
  wake(): void {
    this.#isCaughtUp = false;
    this.#fillSoon();
  }

  /** The stream is another now, without this shard: what has been read of it is dealt with, nothing more is read. */
  end(): void {
    this.#isEnd = true;
    this.#progressed();
  }

  async stop(): Promise<void> {
    await this.#filling;
    await Promise.all(this.#lanes.map((lane) => lane.stop()));
  }

  #fillSoon(): void {
    if (this.#filling !== undefined || this.#isDone || this.context.isStopped) return;
    this.#filling = this.#fill()
      .catch((error: unknown) => {
        if (!this.context.isClosing) this.options.failed(error);
      })
      .finally(() => {
        this.#filling = undefined;
        this.#progressed();
      });
    this.context.track(this.#filling);
  }

  async #fill(): Promise<void> {
    while (!this.context.isStopped && !this.#isEnd && !this.#isCaughtUp && this.#hasRoom()) {
      // Set before reading: whoever wakes it meanwhile wants it to be read again.
      this.#isCaughtUp = true;
      const { records, isEnd } = await this.options.reader.read(this.shard, this.#position, PAGE_RECORDS);
      this.#isEnd = isEnd;
      this.options.readable();
      if (records.length > 0) this.#isCaughtUp = false;
      const passed = records.filter((record) => this.#hand(record)).length;
      this.context.count('PolledEventCount', records.length);
      this.context.count('FilteredOutEventCount', records.length - passed);
      this.#handedTo = records.at(-1)?.sequenceNumber ?? this.#handedTo;
      for (const lane of this.#lanes) lane.wake();
    }
    if (this.#handedTo !== this.#savedAt && this.#lanes.every((lane) => lane.isIdle)) await this.#save();
  }

  /** False when the filters keep it back. */
  #hand(record: StreamRecord): boolean {
    if (!this.#passes(record.filtered())) return false;
    const lane = this.#laneOf(record);
    if (!lane.isDone(record.sequenceNumber)) lane.push(encodeEvent(record));
    return true;
  }

  #laneOf(record: StreamRecord): Lane {
    const number = this.#lanes.length === 1 ? 0 : crc32(record.key) % this.#lanes.length;
    const lane = this.#lanes[number];
    if (lane === undefined) throw new Error('a shard has lanes');
    return lane;
  }

  #hasRoom(): boolean {
    const { batchSize, parallelizationFactor } = this.context.mapping.settings;
    let records = 0;
    let sizeBytes = 0;
    for (const { waiting } of this.#lanes) {
      records += waiting.records;
      sizeBytes += waiting.sizeBytes;
    }
    return records < Math.max(BUFFER_RECORDS, batchSize * parallelizationFactor) && sizeBytes < BUFFER_BYTES;
  }

  #progressed(): void {
    if (this.context.isStopped || this.#isDone) return;
    if (!this.#isEnd) {
      if (!this.#isCaughtUp && this.#hasRoom()) this.#fillSoon();
      return;
    }
    if (this.#filling !== undefined || !this.#lanes.every((lane) => lane.isIdle)) return;
    const open = this.#lanes.filter((lane) => !lane.isFinished);
    // Windows end with their shard.
    if (open.length > 0) for (const lane of open) lane.wake();
    else this.#finish();
  }

  #finish(): void {
    this.#isDone = true;
    this.context.track(this.#save().then(() => this.options.done()));
  }

  #save(): Promise<void> {
    const handedTo = this.#handedTo;
    this.#savedAt = handedTo;
    const lanes = this.#lanes.map((lane) => lane.record(handedTo));
    return this.options.save({ lanes, ...(this.#isDone ? { isDone: true } : {}) });
  }
}

/**
 * The lanes for a parallelization factor. When it has changed, items are in other lanes: all go on where the last of
 * the former was, so that some records come again and none is left out.
 */
function laneRecords({ lanes }: ShardRecord, factor: number): LaneRecord[] {
  if (lanes.length === factor) return [...lanes];
  const after = lowest(lanes);
  return Array.from({ length: factor }, () => (after === undefined ? {} : { after }));
}

function lowest(lanes: readonly LaneRecord[]): string | undefined {
  let least: string | undefined;
  for (const { after } of lanes) {
    if (after === undefined) return undefined;
    if (least === undefined || isBefore(after, least)) least = after;
  }
  return least;
}
