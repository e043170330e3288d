import { BrokenRecord, brief, checkAttributes, isObject, type TypedItem, type TypedValue } from './attribute-check.js';
import { canonicalNumber, parseNumber } from './number-text.js';
import { parseFailure, type RawRecord } from './record-splitter.js';
import type { KeyAttribute, TableKeys } from './table-keys.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_ITEM_BYTES = 400 * 1024;
const MAX_HASH_KEY_BYTES = 2048;
const MAX_RANGE_KEY_BYTES = 1024;

/** A record that the table will take. */
export interface CheckedItem {
  /** The item as DynamoDB JSON. */
  readonly text: Buffer;
  /** Equal for items with the same primary key. */
  readonly key: string;
  readonly sizeBytes: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a record and checks it against DynamoDB's rules and the table's keys; throws {@link BrokenRecord}. */
export function checkRecord(record: RawRecord, keys: TableKeys): CheckedItem {
  if (record.container !== undefined && record.container !== 'Items' && record.container !== keys.table) {
    throw new BrokenRecord(`it stands under "${record.container}", which is neither "Items" nor "${keys.table}"`);
  }
  const value = parse(record);
  const item = itemOf(value, keys);
  const sizeBytes = checkAttributes(item);
  const key = keyOf(item as TypedItem, keys);
  for (const indexKey of keys.indexKeys) checkIndexKey(item as TypedItem, indexKey);
  if (sizeBytes > MAX_ITEM_BYTES) {
    throw new BrokenRecord(`the item has ${sizeBytes} bytes; at most ${MAX_ITEM_BYTES} (400 KB) fit`);
  }
  return { text: item === value ? record.bytes : Buffer.from(JSON.stringify(item)), key, sizeBytes };
}

function parse(record: RawRecord): unknown {
  let text: string;
  try {
    text = utf8.decode(record.bytes);
  } catch {
    throw new BrokenRecord('it is not UTF-8 text');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const failure = parseFailure(record.bytes);
    const line = failure === undefined ? '' : ` on line ${record.line + failure.newlinesBefore}`;
    throw new BrokenRecord(`it is not JSON${line}: ${failure?.message ?? String(error)}`);
  }
}

/** The item itself, taken out of `{"Item": …}` (exports) and `{"PutRequest": {"Item": …}}` (batch writes). */
function itemOf(value: unknown, keys: TableKeys): object {
  if (!isObject(value)) throw new BrokenRecord(`it is ${brief(value)}, not an object of attributes`);
  if (Object.hasOwn(value, keys.hashKey.name)) return value;
  if (Object.hasOwn(value, 'DeleteRequest')) throw new BrokenRecord('it is a delete request; populate only puts items');
  const put = onlyMember(value, 'PutRequest') ?? value;
  return onlyMember(put, 'Item') ?? value;
}

function onlyMember(value: object, name: string): object | undefined {
  const member: unknown = Object.keys(value).length === 1 ? Reflect.get(value, name) : undefined;
  return isObject(member) ? member : undefined;
}

function keyOf(item: TypedItem, keys: TableKeys): string {
  const hash = keyText(item, keys.hashKey, 'hash key', MAX_HASH_KEY_BYTES);
  if (keys.rangeKey === undefined) return hash;
  return `${hash.length}:${hash}${keyText(item, keys.rangeKey, 'range key', MAX_RANGE_KEY_BYTES)}`;
}

function keyText(item: TypedItem, attribute: KeyAttribute, role: string, maxBytes: number): string {
  const { name, type } = attribute;
  if (!Object.hasOwn(item, name)) throw new BrokenRecord(`the ${role} "${name}" (${type}) is missing`);
  const text = textOfType(item[name], attribute, `the ${role}`);
  if (type === 'N') return canonical(text);
  const bytes = type === 'B' ? Buffer.from(text, 'base64') : Buffer.from(text);
  if (bytes.length === 0) throw new BrokenRecord(`the ${role} "${name}" is empty`);
  if (bytes.length > maxBytes) {
    throw new BrokenRecord(`the ${role} "${name}" has ${bytes.length} bytes; at most ${maxBytes} are allowed`);
  }
  return bytes.toString('latin1');
}

function checkIndexKey(item: TypedItem, attribute: KeyAttribute): void {
  if (!Object.hasOwn(item, attribute.name)) return;
  const text = textOfType(item[attribute.name], attribute, 'the index key');
  if (text === '') throw new BrokenRecord(`the index key "${attribute.name}" is empty; leave it out instead`);
}

function textOfType(value: TypedValue | undefined, { name, type }: KeyAttribute, role: string): string {
  const text: unknown = value === undefined ? undefined : Reflect.get(value, type);
  if (typeof text === 'string') return text;
  throw new BrokenRecord(`${role} "${name}" must have type ${type}, not ${Object.keys(value ?? {}).join(', ')}`);
}

function canonical(text: string): string {
  const number = parseNumber(text);
  return typeof number === 'string' ? text : canonicalNumber(number);
}
