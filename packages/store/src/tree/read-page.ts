import { readSync } from 'node:fs';
import { UserError } from '@tablewright/base';
import { isWhole, PAGE_BYTES, type PageFrame, u32 } from './tree-page.js';
import type { TrustedPages } from './trusted-pages.js';

/**
 * Reads a page of the tree into `frame`. Whether it is whole is looked at once.
 *
 * @throws UserError when it is not what was written there
 */
export function readPage(descriptor: number, number: number, frame: PageFrame, trusted: TrustedPages): void {
  const read = readSync(descriptor, frame.bytes, 0, PAGE_BYTES, number * PAGE_BYTES);
  if (read !== PAGE_BYTES) throw damagedPage(number);
  if (trusted.has(number)) {
    if (u32(frame.bytes, 4) !== number) throw damagedPage(number);
    return;
  }
  if (!isWhole(frame, number)) throw damagedPage(number);
  trusted.add(number);
}

/** For what lies in the tree's file and is not what was written there. */
export function damagedPage(number: number): UserError {
  return new UserError(
    `the store is damaged: page ${number} of its tree file is not what was written there`,
    'Restore the whole data directory from a copy, or move it away to start with an empty one.',
  );
}
