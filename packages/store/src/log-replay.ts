import { join } from 'node:path';
import { UserError } from '@tablewright/base';
import type { Files } from './files.js';
import type { LayerValue } from './layer.js';
import { type Frame, findFrame, forEachWrite, readFrame } from './log-frame.js';
import { listSegments, segmentName } from './segment-chain.js';
import { SortedMap } from './sorted-map.js';

/** What the log knows beyond the checkpoint, and where to go on writing. */
export interface Replay {
  /** The writes that are in the log and perhaps not yet in the tree; null is a deletion. */
  readonly table: SortedMap<LayerValue>;
  /** The last segment that holds a frame; undefined when none beyond the checkpoint does. */
  readonly lastSegment: number | undefined;
  /** The segment to write next, and how many frames the one before it holds. */
  readonly nextSegment: number;
  readonly framesBefore: number;
  /** Segments up to the checkpoint, whose files may be used again. */
  readonly spares: readonly number[];
}

/** So many frames of this segment, and all of those before it. */
export interface LogEnd {
  readonly segment: number;
  readonly frames: number;
}

export interface ReplayOptions {
  readonly files: Pick<Files, 'list' | 'read'>;
  readonly dir: string;
  readonly salt: number;
  /** Everything in segments up to this number is in the tree already. */
  readonly checkpoint: number;
  /** Where to stop; by default at the end of the log, which is then checked for damage. */
  readonly until?: LogEnd;
}

/**
 * Reads the log beyond the checkpoint. Frames are written one after the other, each once the one before is on disk;
 * so only the very last one can be incomplete without anybody having been promised it. Anything else that is missing
 * or damaged means lost data and is an error.
 */
export function replayLog(options: ReplayOptions): Replay {
  const { files, dir, checkpoint } = options;
  const all = listSegments(files, dir);
  const numbers = all.filter((number) => number > checkpoint);
  requireAll(numbers, options);
  const table = new SortedMap<LayerValue>();
  let lastSegment: number | undefined;
  let frames = 0;
  for (const number of numbers) {
    const segment = readSegment(number, options);
    const first = segment[0];
    if (first === undefined) continue;
    requireConnected(number, first, { lastSegment, frames }, options);
    for (const frame of segment) forEachWrite(frame.payload, (key, value) => table.set(key, value));
    lastSegment = number;
    frames = segment.length;
  }
  return {
    table,
    lastSegment,
    nextSegment: lastSegment === undefined ? checkpoint + 1 : lastSegment + 1,
    framesBefore: frames,
    spares: all.filter((number) => number <= checkpoint),
  };
}

function requireAll(numbers: readonly number[], options: ReplayOptions): void {
  const expected = (index: number): number => options.checkpoint + 1 + index;
  const missing = [...numbers, undefined].findIndex((number, index) => number !== expected(index));
  if (missing < numbers.length || numbers.length === 0) {
    throw damaged(expected(Math.max(0, missing)), options, 'is missing');
  }
}

function requireConnected(
  number: number,
  first: Frame,
  before: { lastSegment: number | undefined; frames: number },
  options: ReplayOptions,
): void {
  const { checkpoint } = options;
  if (number === checkpoint + 1) return;
  const previous = number - 1;
  const held = before.lastSegment === previous ? before.frames : 0;
  if (held === first.framesBefore) return;
  throw damaged(previous, options, `is damaged: ${held} of its ${first.framesBefore} records can be read`);
}

function readSegment(number: number, options: ReplayOptions): Frame[] {
  const { files, dir, salt, until } = options;
  if (until !== undefined && number > until.segment) return [];
  const limit = number === until?.segment ? until.frames : Number.POSITIVE_INFINITY;
  const bytes = files.read(join(dir, segmentName(number)));
  const frames: Frame[] = [];
  let offset = 0;
  while (frames.length < limit) {
    const frame = readFrame(bytes, offset, salt, number);
    if (frame === undefined || frame.index !== frames.length) break;
    frames.push(frame);
    offset = frame.end;
  }
  if (until === undefined && findFrame(bytes, offset, salt, number) !== undefined) {
    throw damaged(number, options, `is damaged at byte ${offset}, in the middle`);
  }
  return frames;
}

function damaged(number: number, { dir }: ReplayOptions, what: string): UserError {
  return new UserError(
    `the log segment ${join(dir, segmentName(number))} ${what}`,
    'Restore the whole data directory from a copy, or move it away to start with an empty one.',
  );
}
