import { validationError } from '../errors.js';
import { base64Fault, base64SizeBytes } from './base64.js';
import { numberSizeBytes } from './item-size.js';
import { normalizeNumber } from './number.js';
import { inOrder, isInOrder, type SetType } from './set-order.js';
import { utf8SizeBytes } from './utf8.js';

/** Up to this many members, looking at all pairs beats building a set. */
const SMALL_SET = 8;

export function invalidParameter(detail: string): Error {
  return validationError(`One or more parameter values were invalid: ${detail}`);
}

export function checkNumber(raw: unknown): { number: string; sizeBytes: number } {
  const number = normalizeNumber(typeof raw === 'string' ? raw : '');
  return { number, sizeBytes: numberSizeBytes(number) };
}

/** The size in bytes of a base64 text. */
export function checkBinary(raw: unknown): number {
  // The fault itself is worded by the check of the request's JSON types, which follows on any error.
  if (typeof raw !== 'string' || base64Fault(raw) !== undefined) throw invalidParameter('Invalid binary value');
  return base64SizeBytes(raw);
}

/** The members are in DynamoDB's order; the raw array itself when nothing had to be normalised. */
export interface CheckedSet {
  readonly members: readonly string[];
  readonly sizeBytes: number;
}

export function checkSet(type: SetType, raw: unknown): CheckedSet {
  const members: readonly unknown[] = Array.isArray(raw) ? raw : [];
  // The doubled space and the article are AWS's.
  if (members.length === 0) {
    throw invalidParameter(
      type === 'BS'
        ? 'Binary sets should not be empty'
        : `An ${type === 'SS' ? 'string' : 'number'} set  may not be empty`,
    );
  }
  if (type === 'NS') return checkNumberSet(members);
  return type === 'SS' ? checkStringSet(members) : checkBinarySet(members);
}

function checkStringSet(raw: readonly unknown[]): CheckedSet {
  let sizeBytes = 0;
  for (const member of raw) {
    if (typeof member !== 'string') throw invalidParameter('An string set may not have a null string as a member');
    sizeBytes += utf8SizeBytes(member);
  }
  const members = raw as readonly string[];
  if (isInOrder('SS', members)) return { members, sizeBytes };
  if (hasDuplicates(members)) throw invalidParameter(`Input collection [${members.join(', ')}] contains duplicates.`);
  return { members: inOrder('SS', members), sizeBytes };
}

function checkNumberSet(raw: readonly unknown[]): CheckedSet {
  let sizeBytes = 0;
  let changed = false;
  const members = raw.map((member) => {
    if (member === null) throw invalidParameter('An number set may not have a null string as a member');
    const checked = checkNumber(member);
    sizeBytes += checked.sizeBytes;
    changed ||= checked.number !== member;
    return checked.number;
  });
  if (isInOrder('NS', members)) return { members: changed ? members : (raw as readonly string[]), sizeBytes };
  if (hasDuplicates(members)) throw validationError('Input collection contains duplicates');
  return { members: inOrder('NS', members), sizeBytes };
}

function checkBinarySet(raw: readonly unknown[]): CheckedSet {
  let sizeBytes = 0;
  for (const member of raw) {
    if (member === null) throw invalidParameter('Binary sets may not contain null values');
    sizeBytes += checkBinary(member);
  }
  const members = raw as readonly string[];
  if (isInOrder('BS', members)) return { members, sizeBytes };
  if (hasDuplicates(members)) {
    throw invalidParameter(`Input collection [${members.join(', ')}]of type BS contains duplicates.`);
  }
  return { members: inOrder('BS', members), sizeBytes };
}

function hasDuplicates(members: readonly string[]): boolean {
  if (members.length > SMALL_SET) return new Set(members).size !== members.length;
  return members.some((member, index) => members.indexOf(member, index + 1) !== -1);
}
