import type { KeyAttribute, KeySchema } from '../catalog/table.js';
import { LONG_HASH, LONG_HASH_BYTES, STORE_KEY_HEAD } from '../data/key-codec.js';
import { ownAttribute } from '../data/own-attribute.js';
import { type AttributeMap, type AttributeValue, decodeNumberKey } from '../value/index.js';

/** Key values as reports show them: strings and numbers as they are, binaries in base64. */
export interface KeyLabels {
  readonly hash: string;
  /** Absent where there is no range key, or it is not known. */
  readonly range?: string;
}

/** The labels of an item, or of an index's entry. Several attributes of one key are joined by commas. */
export function labelsOfItem(keys: KeySchema, item: AttributeMap): KeyLabels {
  const hash = joined(keys.hash, item);
  return keys.range.length === 0 ? { hash } : { hash, range: joined(keys.range, item) };
}

function joined(attributes: readonly KeyAttribute[], item: AttributeMap): string {
  return attributes.map(({ name }) => labelOf(ownAttribute(item, name))).join(',');
}

function labelOf(value: AttributeValue | undefined): string {
  if (value === undefined) return '';
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  return 'B' in value ? value.B : '';
}

/**
 * The label of the hash key in a store key, and where what follows it begins; undefined when the store key does not hold
 * the value: it is too long, or the key is the beginning of a range over several hash keys.
 */
export function hashLabelIn(key: string, hash: readonly KeyAttribute[]): { label: string; end: number } | undefined {
  const labels: string[] = [];
  let at = STORE_KEY_HEAD;
  for (const attribute of hash) {
    if (key.length <= at || key[at] === LONG_HASH) return undefined;
    const end = at + 1 + key.charCodeAt(at);
    labels.push(labelOfBytes(attribute, key.slice(at + 1, end)));
    at = end;
  }
  return { label: labels.join(','), end: at };
}

/** The labels of the item with this store key; undefined when the hash key's value is too long to be in it. */
export function labelsOfItemKey(key: string, keys: KeySchema): KeyLabels | undefined {
  const found = hashLabelIn(key, keys.hash);
  const [range] = keys.range;
  if (found === undefined) return undefined;
  if (range === undefined) return { hash: found.label };
  return { hash: found.label, range: labelOfBytes(range, key.slice(found.end)) };
}

/** What stands for a hash key of which only the digest is known. */
export function digestIn(key: string): string {
  const from = STORE_KEY_HEAD + 1;
  return `sha256:${Buffer.from(key.slice(from, from + LONG_HASH_BYTES), 'latin1').toString('hex')}`;
}

function labelOfBytes({ type }: KeyAttribute, bytes: string): string {
  if (type === 'N') return decodeNumberKey(bytes);
  return Buffer.from(bytes, 'latin1').toString(type === 'S' ? 'utf8' : 'base64');
}
