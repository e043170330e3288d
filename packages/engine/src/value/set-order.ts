import { compareNumbers } from './number.js';
import { compareUtf8 } from './utf8.js';

/** The members of a checked set; numbers in canonical form. */
type Members = readonly string[];
export type SetType = 'SS' | 'NS' | 'BS';

// DynamoDB keeps the members of a set in order: strings and binary values by their bytes, numbers by value.
const ORDERS: Readonly<Record<SetType, (a: string, b: string) => number>> = {
  SS: compareUtf8,
  NS: compareNumbers,
  BS: compareBase64,
};

/** Whether each member is greater than the one before, so that there are no duplicates either. */
export function isInOrder(type: SetType, members: Members): boolean {
  const compare = ORDERS[type];
  for (let index = 1; index < members.length; index++) {
    if (compare(members[index - 1] as string, members[index] as string) >= 0) return false;
  }
  return true;
}

/** The members in DynamoDB's order; the array itself where they are. */
export function inOrder(type: SetType, members: Members): Members {
  return isInOrder(type, members) ? members : [...members].sort(ORDERS[type]);
}

/** Order of two binary values, by their unsigned bytes. */
export function compareBase64(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a, 'base64'), Buffer.from(b, 'base64'));
}
