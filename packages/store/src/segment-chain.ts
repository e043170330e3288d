import { join } from 'node:path';
import { assert } from '@tablewright/base';
import type { Files, LogFile } from './files.js';

/** The segment that is being written. */
export interface Segment {
  readonly number: number;
  readonly file: LogFile;
  /** How many frames the segment before it holds. */
  readonly framesBefore: number;
  frames: number;
  offsetBytes: number;
}

/** More used-up segments than this are removed instead of kept for reuse. */
const MAX_SPARES = 8;

/** Ends the name of a file that is being made. */
const UNFINISHED = '.new';

const SEGMENT_NAME = /^(\d{10})\.log$/;

export function segmentName(number: number): string {
  return `${String(number).padStart(10, '0')}.log`;
}

/** The numbers of the segments in a log directory, in order. */
export function listSegments(files: Pick<Files, 'list'>, dir: string): number[] {
  const numbers = files.list(dir).flatMap((name) => SEGMENT_NAME.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

/**
 * The files of the log. Each has a number; the frames in it carry that number, so that a used-up file can be
 * renamed to a later number and written over without its old frames ever being taken for new ones.
 * The file after the current one is made ready in the background, directory entry flushed, before it is needed.
 */
export class SegmentChain {
  #current: Segment | undefined;
  #next: Promise<LogFile | undefined> | undefined;
  #spares: number[];
  /** The spare that is being renamed, which its old name may still list. */
  #claimed: number | undefined;

  constructor(
    private readonly files: Files,
    private readonly dir: string,
    private readonly segmentBytes: number,
    /** Numbers of files whose contents are no longer needed. */
    spares: readonly number[],
  ) {
    this.#spares = [...spares];
  }

  get current(): Segment {
    assert(this.#current !== undefined, 'the log has been started');
    return this.#current;
  }

  /** Starts writing at segment `number`, whose file may exist or not; no segment from there on holds a frame. */
  async start(number: number, framesBefore: number): Promise<void> {
    for (const name of this.files.list(this.dir)) {
      if (name.endsWith(UNFINISHED)) await this.files.remove(join(this.dir, name));
    }
    const file = await this.#prepare(number);
    this.#current = { number, file, framesBefore, frames: 0, offsetBytes: 0 };
  }

  /** Whether a frame of `sizeBytes` should go into the next segment. A frame larger than any segment gets its own. */
  isFullFor(sizeBytes: number): boolean {
    return this.current.offsetBytes > 0 && this.current.offsetBytes + sizeBytes > this.segmentBytes;
  }

  /** Makes the segment after the current one ready in the background. */
  prepareNext(): void {
    this.#next ??= this.#prepare(this.current.number + 1).catch(() => undefined);
  }

  /** Goes on to the next segment. */
  async advance(): Promise<void> {
    const { number, frames, file } = this.current;
    const ready = await this.#next;
    const next = ready ?? (await this.#prepare(number + 1));
    this.#next = undefined;
    this.#current = { number: number + 1, file: next, framesBefore: frames, frames: 0, offsetBytes: 0 };
    await file.close();
  }

  /** The contents of all segments up to `number` are no longer needed. */
  async retire(number: number): Promise<void> {
    assert(number < this.current.number, 'only segments that are complete are retired');
    const used = listSegments(this.files, this.dir).filter((other) => other <= number && other !== this.#claimed);
    this.#spares = used.slice(-MAX_SPARES);
    for (const surplus of used.slice(0, -MAX_SPARES)) await this.files.remove(this.#path(surplus));
  }

  async close(): Promise<void> {
    const next = await this.#next;
    await next?.close();
    await this.#current?.file.close();
  }

  async #prepare(number: number): Promise<LogFile> {
    const path = this.#path(number);
    if (!listSegments(this.files, this.dir).includes(number)) await this.#provide(path);
    await this.files.syncDir(this.dir);
    return this.files.openForLog(path);
  }

  async #provide(path: string): Promise<void> {
    const spare = this.#spares.shift();
    if (spare === undefined) {
      // Made under another name: a file with a segment's name always has its full size.
      await this.files.createZeroed(path + UNFINISHED, this.segmentBytes);
      await this.files.rename(path + UNFINISHED, path);
      return;
    }
    await this.files.shorten(this.#path(spare), this.segmentBytes);
    this.#claimed = spare;
    await this.files.rename(this.#path(spare), path);
    this.#claimed = undefined;
  }

  #path(number: number): string {
    return join(this.dir, segmentName(number));
  }
}
