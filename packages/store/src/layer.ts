import type { Entry, Key, KeyRange, ValueVisitor } from './store.js';

/** A value, or null: "deleted here, whatever an older layer says". */
export type LayerValue = Buffer | null;

/** A walk over the part of one layer that lies in a range, in the range's direction. */
export interface LayerCursor {
  /** The key that the cursor stands on; undefined when it is past the last one. */
  readonly key: Key | undefined;
  /** The value under {@link key}, as of now. */
  value(): LayerValue;
  advance(): void;
  /** If the layer has got or lost keys since, stands on the first key beyond `last`. */
  refresh(last: Key): void;
  /** Visits the values from {@link key} to the end of the walk, deletions left out; the layer does not change meanwhile. */
  visitRest(visitor: ValueVisitor): void;
}

/**
 * One ordered walk over layers given from the newest to the oldest: the newest layer that knows a key decides.
 * Changes made to the layers between two steps are seen, as far as they lie ahead.
 */
export function* mergeLayers(
  openCursors: (range: KeyRange) => readonly LayerCursor[],
  range: KeyRange,
): Generator<Entry, void, undefined> {
  if (isEmptyRange(range)) return;
  const reverse = range.reverse === true;
  const cursors = openCursors(range);
  for (;;) {
    const newest = foremost(cursors, reverse);
    const key = newest?.key;
    if (newest === undefined || key === undefined) return;
    const value = newest.value();
    if (value !== null) yield { key, value };
    for (const cursor of cursors) {
      if (cursor.key === key) cursor.advance();
      cursor.refresh(key);
    }
  }
}

/** The same walk for values alone, through layers that do not change meanwhile. */
export function visitLayers(
  openCursors: (range: KeyRange) => readonly LayerCursor[],
  range: KeyRange,
  visitor: ValueVisitor,
): void {
  if (isEmptyRange(range)) return;
  const reverse = range.reverse === true;
  let cursors = openCursors(range);
  for (;;) {
    cursors = cursors.filter(({ key }) => key !== undefined);
    const newest = foremost(cursors, reverse);
    const key = newest?.key;
    if (newest === undefined || key === undefined) return;
    // Mostly, what is asked for lies in one layer.
    if (cursors.length === 1) {
      newest.visitRest(visitor);
      return;
    }
    const value = newest.value();
    if (value !== null && !visitor(value, 0, value.length)) return;
    for (const cursor of cursors) if (cursor.key === key) cursor.advance();
  }
}

function foremost(cursors: readonly LayerCursor[], reverse: boolean): LayerCursor | undefined {
  let best: LayerCursor | undefined;
  for (const cursor of cursors) {
    if (cursor.key === undefined) continue;
    if (best?.key === undefined || (reverse ? cursor.key > best.key : cursor.key < best.key)) best = cursor;
  }
  return best;
}

/** Whether no key can lie in `range`. */
export function isEmptyRange(range: KeyRange): boolean {
  return range.end !== undefined && (range.start ?? '') >= range.end;
}
