import type { Key, KeyRange } from '@tablewright/store';
import { suffixOf } from '../backup/history-keys.js';
import { STAMP_LENGTH, type Stamp } from '../backup/stamp.js';
import { contentRange } from '../catalog/keys.js';

// Keys of replication between regions; part of the storage format.
//
//   queue:    "Da" its own storage number (u32be)  stamp  item's suffix -> empty: the item changed, and another replica
//               is to be told
//   version:  "Dv" its own storage number (u32be)  item's suffix -> stamp (latin1) of the item's last change anywhere
//   deletion: "Dk" its own storage number (u32be)  item's suffix -> empty: the item was deleted, its version stays
//   cut off:  "Dq" region -> empty
//
// An item's suffix is its key without "Dd" and the storage number, which is the same in every replica.

export const CUT_REGIONS: KeyRange & { start: Key; end: Key } = { start: 'Dq', end: 'Dr' };
const HEAD_LENGTH = 6;

export function cutRegionKey(region: string): Key {
  return CUT_REGIONS.start + region;
}

export function queueKey(queue: number, stamp: Stamp, suffix: string): Key {
  return contentRange('Da', queue).start + stamp + suffix;
}

export function queueEntry(key: Key): { stamp: Stamp; suffix: string } {
  const at = HEAD_LENGTH + STAMP_LENGTH;
  return { stamp: key.slice(HEAD_LENGTH, at), suffix: key.slice(at) };
}

export function versionKey(versions: number, suffix: string): Key {
  return contentRange('Dv', versions).start + suffix;
}

export function deletionKey(deletions: number, suffix: string): Key {
  return contentRange('Dk', deletions).start + suffix;
}

/** The suffix of any key of these, the queue's excepted; of an item's key, too. */
export const suffixIn = suffixOf;
