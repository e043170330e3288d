import { FRAME_HEADER_BYTES, FrameBuilder } from './log-frame.js';
import type { SegmentChain } from './segment-chain.js';
import type { WriteSet } from './write-set.js';

/** Called once: without an error when the change is on disk, with one when it may not be. */
export type Flushed = (error?: Error) => void;

interface Group {
  readonly kind: 'group';
  readonly builder: FrameBuilder;
  readonly waiting: Flushed[];
}

interface Seal {
  readonly kind: 'seal';
  readonly done: (lastSegment: number) => void;
  readonly failed: (error: Error) => void;
}

/** A group grows no larger than this, unless a single change does. */
const GROUP_MAX_BYTES = 256 << 10;
const BUILDER_START_BYTES = 64 << 10;
const MAX_IDLE_BUILDERS = 2;

/**
 * The log of changes, with group commit: while one write is on its way to the disk, later changes collect, and the
 * next write takes them all. A group is one frame, so that a change is in the log wholly or not at all.
 */
export class WriteAheadLog {
  readonly #queue: (Group | Seal)[] = [];
  readonly #idleBuilders: FrameBuilder[] = [];
  #isBusy = false;
  #failure: Error | undefined;
  #appendedBytes = 0;

  constructor(
    private readonly segments: SegmentChain,
    private readonly salt: number,
    /** Asked once, when a write fails, for the error that every waiting and every later change gets. */
    private readonly onFailure: (cause: Error) => Error,
  ) {}

  /** Bytes appended since the last {@link seal}. */
  get unsealedBytes(): number {
    return this.#appendedBytes;
  }

  append(writes: WriteSet, flushed: Flushed): void {
    if (this.#failure !== undefined) {
      flushed(this.#failure);
      return;
    }
    const group = this.#openGroup();
    const sizeBefore = group.builder.sizeBytes;
    writes.visit((key, value) => group.builder.add(key, value));
    group.waiting.push(flushed);
    this.#appendedBytes += group.builder.sizeBytes - sizeBefore;
    this.#wake();
  }

  /** Resolves once everything appended so far is on disk. */
  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) reject(this.#failure);
      else if (!this.#isBusy) resolve();
      else this.#lastGroup().waiting.push((error) => (error === undefined ? resolve() : reject(error)));
      this.#wake();
    });
  }

  /**
   * Ends the segment: what is appended from here on goes into a later one. Resolves with the number of the segment
   * that ended, once everything in it is on disk.
   */
  seal(): Promise<number> {
    this.#appendedBytes = 0;
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) reject(this.#failure);
      else this.#queue.push({ kind: 'seal', done: resolve, failed: reject });
      this.#wake();
    });
  }

  #openGroup(): Group {
    const last = this.#queue.at(-1);
    if (last?.kind === 'group' && last.builder.sizeBytes < GROUP_MAX_BYTES) return last;
    return this.#newGroup();
  }

  /** A group after which everything appended so far is on disk; an empty one writes nothing. */
  #lastGroup(): Group {
    const last = this.#queue.at(-1);
    return last?.kind === 'group' ? last : this.#newGroup();
  }

  #newGroup(): Group {
    const builder = this.#idleBuilders.pop() ?? new FrameBuilder(BUILDER_START_BYTES);
    builder.clear();
    const group: Group = { kind: 'group', builder, waiting: [] };
    this.#queue.push(group);
    return group;
  }

  #wake(): void {
    if (this.#isBusy || this.#queue.length === 0) return;
    this.#isBusy = true;
    // Not at once: the requests that arrived in the same turn of the event loop shall share the group.
    setImmediate(() => void this.#writeNext());
  }

  async #writeNext(): Promise<void> {
    const next = this.#queue.shift();
    if (next === undefined) return;
    try {
      if (next.kind === 'seal') await this.#writeSeal(next);
      else await this.#writeGroup(next);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)), next);
    }
    this.#isBusy = false;
    this.#wake();
  }

  async #writeSeal(seal: Seal): Promise<void> {
    const { number } = this.segments.current;
    await this.segments.advance();
    seal.done(number);
  }

  async #writeGroup(group: Group): Promise<void> {
    if (group.builder.sizeBytes > FRAME_HEADER_BYTES) await this.#writeFrame(group.builder);
    for (const flushed of group.waiting) flushed();
    const { builder } = group;
    const keep = builder.capacityBytes <= 2 * GROUP_MAX_BYTES && this.#idleBuilders.length < MAX_IDLE_BUILDERS;
    if (keep) this.#idleBuilders.push(builder);
  }

  async #writeFrame(builder: FrameBuilder): Promise<void> {
    if (this.segments.isFullFor(builder.sizeBytes)) await this.segments.advance();
    const segment = this.segments.current;
    const { number, frames, framesBefore, file } = segment;
    await file.write(
      builder.finish({ salt: this.salt, segment: number, index: frames, framesBefore }),
      segment.offsetBytes,
    );
    segment.offsetBytes += builder.sizeBytes;
    segment.frames++;
    this.segments.prepareNext();
  }

  #fail(cause: Error, current: Group | Seal): void {
    const error = this.onFailure(cause);
    this.#failure = error;
    for (const entry of [current, ...this.#queue.splice(0)]) {
      if (entry.kind === 'seal') entry.failed(error);
      else for (const flushed of entry.waiting) flushed(error);
    }
  }
}
