import { DynamoError, validationError } from '../errors.js';
import type { AttributeMap, AttributeValue } from './attribute-value.js';
import { checkBinary, checkNumber, checkSet, invalidParameter } from './check-scalar.js';
import { flagOf } from './flag.js';
import { COLLECTION_SIZE_BYTES, ELEMENT_SIZE_BYTES } from './item-size.js';
import { narrowNumberFault } from './narrow-number.js';
import { utf8SizeBytes } from './utf8.js';
import { assertAttributeMapShape, assertAttributeValueShape } from './wire-shape.js';

export interface CheckOptions {
  /** A value of its own nests only as deep as one that is stored. Default: one level more. */
  readonly nestsAsStored?: boolean;
  /** Larger items are refused with "Item size has exceeded the maximum allowed size". Default: no limit. */
  readonly maxSizeBytes?: number;
  /** Numbers out of range are worded as by operations that read them in 32 bits. Default: false. */
  readonly hasNarrowNumbers?: boolean;
  /** Values that nest too deeply come before empty names within maps. Default: what comes first in the document. */
  readonly nestingFirst?: boolean;
}

/** The item is the raw object itself when nothing had to be normalised. */
export interface CheckedItem {
  readonly item: AttributeMap;
  readonly sizeBytes: number;
}

/** `sizeBytes` is the size of the value alone, without a name. */
export interface CheckedValue {
  readonly value: AttributeValue;
  readonly sizeBytes: number;
}

/** Attributes nest up to 32 levels (docs: Constraints): 31 lists and maps within each other, and what they hold. */
export const MAX_NESTED_COLLECTIONS = 31;
const MAX_NAME_SIZE_BYTES = 65535;

const EMPTY_VALUE = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';
const SEVERAL_TYPES =
  'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes';
const EMPTY_NAME = 'Empty attribute name';
const TOO_DEEP =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';

/**
 * Checks an attribute map of a request (Item, Key), brings its numbers into canonical form and adds up its size.
 * Throws SerializationException or ValidationException with AWS's words. Checked items never share state with the
 * checker, but share with `raw` whatever did not have to change.
 */
export function checkItem(raw: unknown, options: CheckOptions = {}): CheckedItem {
  const checker = new Checker(MAX_NESTED_COLLECTIONS);
  const item = shapeFirst(raw, assertAttributeMapShape, options, () => checker.map(raw, 0, 0));
  checkSize(checker.sizeBytes, options);
  return { item, sizeBytes: checker.sizeBytes };
}

/** The same for one AttributeValue. */
export function checkValue(raw: unknown, options: CheckOptions = {}): CheckedValue {
  const checker = new Checker(options.nestsAsStored === true ? MAX_NESTED_COLLECTIONS : MAX_NESTED_COLLECTIONS + 1);
  const value = shapeFirst(raw, assertAttributeValueShape, options, () => checker.value(raw, 0));
  checkSize(checker.sizeBytes, options);
  return { value, sizeBytes: checker.sizeBytes };
}

/**
 * AWS reads the whole request before it validates any of it, so a wrong JSON type anywhere comes before every other
 * fault. Looking for one only once something is wrong keeps correct requests to a single pass.
 */
function shapeFirst<T>(
  raw: unknown,
  assertShape: (raw: unknown) => void,
  { hasNarrowNumbers = false, nestingFirst = false }: CheckOptions,
  check: () => T,
): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof DynamoError) assertShape(raw);
    const whole = assertShape === assertAttributeMapShape ? { M: raw } : raw;
    if (nestingFirst && error instanceof DynamoError && error.message === EMPTY_NAME) {
      assertNesting(whole, MAX_NESTED_COLLECTIONS + 1);
    }
    throw (hasNarrowNumbers ? narrowNumberFault(error, whole) : undefined) ?? error;
  }
}

/** Throws when a value has more lists and maps within each other than `room`. */
function assertNesting(raw: unknown, room: number): void {
  if (!isObject(raw)) return;
  for (const content of [raw.M, raw.L]) {
    if (typeof content !== 'object' || content === null) continue;
    if (room === 0) throw validationError(TOO_DEEP);
    for (const member of Object.values(content)) assertNesting(member, room - 1);
  }
}

function checkSize(sizeBytes: number, { maxSizeBytes = Number.POSITIVE_INFINITY }: CheckOptions): void {
  if (sizeBytes > maxSizeBytes) throw validationError('Item size has exceeded the maximum allowed size');
}

function isObject(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** One pass over a raw value. A value of a wrong JSON type throws {@link EMPTY_VALUE}; see {@link shapeFirst}. */
class Checker {
  sizeBytes = 0;

  constructor(private readonly maxDepth: number) {}

  map(raw: unknown, depth: number, overheadBytes: number): AttributeMap {
    if (!isObject(raw)) throw validationError(EMPTY_VALUE);
    let copy: Record<string, AttributeValue> | undefined;
    for (const name in raw) {
      const rawValue = raw[name];
      this.sizeBytes += checkName(name) + overheadBytes;
      const value = this.value(rawValue, depth);
      if (value !== rawValue) {
        copy ??= copyOf(raw as AttributeMap);
        setMember(copy, name, value);
      }
    }
    return copy ?? (raw as AttributeMap);
  }

  value(raw: unknown, depth: number): AttributeValue {
    if (!isObject(raw)) throw validationError(EMPTY_VALUE);
    let checked: AttributeValue | undefined;
    let members = 0;
    let types = 0;
    for (const type in raw) {
      members++;
      const content = raw[type];
      if (content === null || content === undefined) continue;
      const value = this.content(raw, type, content, depth);
      if (value === undefined) continue;
      types++;
      checked = value;
    }
    if (types > 1) throw validationError(SEVERAL_TYPES);
    if (checked === undefined) throw validationError(EMPTY_VALUE);
    return members > 1 && checked === raw ? onlyMember(checked) : checked;
  }

  /** The value of one type; `raw` itself where nothing changes, undefined when there is no such type. */
  private content(raw: Readonly<Record<string, unknown>>, type: string, content: unknown, depth: number) {
    switch (type) {
      case 'S':
        if (typeof content !== 'string') throw validationError(EMPTY_VALUE);
        this.sizeBytes += utf8SizeBytes(content);
        return raw as AttributeValue;
      case 'N':
        return this.number(raw, content);
      case 'M':
        return this.nestedMap(raw, content, depth);
      case 'L':
        return this.list(raw, content, depth);
      case 'BOOL':
      case 'NULL':
        return this.flag(raw, type, content);
      case 'B':
        this.sizeBytes += checkBinary(content);
        return raw as AttributeValue;
      case 'SS':
      case 'NS':
      case 'BS':
        return this.set(raw, type, content);
      default:
        return undefined;
    }
  }

  private number(raw: Readonly<Record<string, unknown>>, content: unknown): AttributeValue {
    const { number, sizeBytes } = checkNumber(content);
    this.sizeBytes += sizeBytes;
    return number === content ? (raw as AttributeValue) : { N: number };
  }

  private nestedMap(raw: Readonly<Record<string, unknown>>, content: unknown, depth: number): AttributeValue {
    this.enter(depth);
    const map = this.map(content, depth + 1, ELEMENT_SIZE_BYTES);
    return map === content ? (raw as AttributeValue) : { M: map };
  }

  private list(raw: Readonly<Record<string, unknown>>, content: unknown, depth: number): AttributeValue {
    if (!Array.isArray(content)) throw validationError(EMPTY_VALUE);
    this.enter(depth);
    let copy: AttributeValue[] | undefined;
    for (let index = 0; index < content.length; index++) {
      const rawElement: unknown = content[index];
      this.sizeBytes += ELEMENT_SIZE_BYTES;
      const element = this.value(rawElement, depth + 1);
      if (element !== rawElement) {
        copy ??= [...content];
        copy[index] = element;
      }
    }
    return copy === undefined ? (raw as AttributeValue) : { L: copy };
  }

  private enter(depth: number): void {
    if (depth >= this.maxDepth) throw validationError(TOO_DEEP);
    this.sizeBytes += COLLECTION_SIZE_BYTES;
  }

  private flag(raw: Readonly<Record<string, unknown>>, type: 'BOOL' | 'NULL', content: unknown): AttributeValue {
    this.sizeBytes += 1;
    // The protocol also takes a boolean written as a string.
    const flag = typeof content === 'string' ? flagOf(content) : content === true;
    if (type === 'NULL') {
      if (!flag) throw invalidParameter('Null attribute value types must have the value of true');
      return content === true ? (raw as AttributeValue) : { NULL: true };
    }
    if (typeof content === 'boolean') return raw as AttributeValue;
    if (typeof content !== 'string' || flag === undefined) throw validationError(EMPTY_VALUE);
    return { BOOL: flag };
  }

  private set(raw: Readonly<Record<string, unknown>>, type: 'SS' | 'NS' | 'BS', content: unknown): AttributeValue {
    const { members, sizeBytes } = checkSet(type, content);
    this.sizeBytes += sizeBytes;
    if (members === content) return raw as AttributeValue;
    if (type === 'NS') return { NS: members };
    return type === 'SS' ? { SS: members } : { BS: members };
  }
}

/** The size of an attribute's name in bytes; throws ValidationException when it is empty or too long. */
export function checkName(name: string): number {
  if (name === '') throw validationError(EMPTY_NAME);
  const sizeBytes = utf8SizeBytes(name);
  if (sizeBytes > MAX_NAME_SIZE_BYTES) {
    throw validationError('Attribute name is too large, must be less than 65536 bytes');
  }
  return sizeBytes;
}

/** A map may have an attribute named __proto__, which plain assignment would not create. */
function setMember(map: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name !== '__proto__') map[name] = value;
  else Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
}

function copyOf(map: AttributeMap): Record<string, AttributeValue> {
  return { ...map };
}

/** Drops members that are null or unknown. */
function onlyMember(value: AttributeValue): AttributeValue {
  const known = Object.entries(value).filter(([type, content]) => isType(type) && content !== null);
  return Object.fromEntries(known) as AttributeValue;
}

function isType(name: string): boolean {
  return ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL'].includes(name);
}
