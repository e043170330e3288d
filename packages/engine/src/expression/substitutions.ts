import { type DynamoError, validationError } from '../errors.js';
import {
  type AttributeValue,
  assertAttributeMapShape,
  assertStringMapShape,
  type CheckedValue,
  type CheckOptions,
  checkValue,
  utf8SizeBytes,
} from '../value/index.js';

/** What is known of the expressions of a request. */
export interface SubstitutionOptions extends CheckOptions {
  /** Members whose expressions stand for parameters from before expressions. */
  readonly translated?: readonly string[];
}

const NAME_KEY = /^#[A-Za-z0-9_]+$/;
const VALUE_KEY = /^:[A-Za-z0-9_]+$/;
const MAX_KEY_SIZE_BYTES = 255;
const MAX_NAME_SIZE_BYTES = 65535;
/** Of all names, of all values, and of both together (docs: Constraints). */
const MAX_MAP_SIZE_BYTES = 2 * 1024 * 1024;
const COMBINED = 'Combined size of ExpressionAttributeNames and ExpressionAttributeValues';

/** The placeholders of one member of the request; the size is that of what they stand for. */
interface Placeholders<T> {
  readonly map: ReadonlyMap<string, T>;
  readonly sizeBytes: number;
}

const NO_VALUES: Placeholders<AttributeValue> = { map: new Map(), sizeBytes: 0 };
const NO_NAMES: Placeholders<string> = { map: new Map(), sizeBytes: 0 };

/**
 * ExpressionAttributeNames and ExpressionAttributeValues of one request (docs: Expressions.ExpressionAttributeNames).
 * The constructor checks them, names first, and throws SerializationException or ValidationException with AWS's words.
 * All expressions of the request are compiled with the same substitutions, which remember what was used.
 */
export class Substitutions {
  private readonly names: ReadonlyMap<string, string>;
  private readonly values: ReadonlyMap<string, AttributeValue>;
  private readonly used = new Set<string>();
  /** Of the names and values given, whether used or not. */
  readonly sizeBytes: number;

  /** `names` and `values` are the raw members of the request. */
  constructor(
    names: unknown,
    values: unknown,
    private readonly options: SubstitutionOptions = {},
  ) {
    assertStringMapShape(names);
    assertAttributeMapShape(values);
    const checkedNames = checkNames(names, options);
    const checkedValues = checkValues(values, options);
    this.names = checkedNames.map;
    this.values = checkedValues.map;
    this.sizeBytes = checkedNames.sizeBytes + checkedValues.sizeBytes;
    if (options.translated === undefined) checkMapSize(this.sizeBytes, COMBINED);
  }

  /** Whether the expression of a member stands for parameters that have no limits of text and operators. */
  isTranslated(member: string): boolean {
    return this.options.translated?.includes(member) === true;
  }

  /** The attribute name that stands behind #name; marks it used. */
  name(placeholder: string): string | undefined {
    const name = this.names.get(placeholder);
    if (name !== undefined) this.used.add(placeholder);
    return name;
  }

  /** The value that stands behind :value; marks it used. */
  value(placeholder: string): AttributeValue | undefined {
    const value = this.values.get(placeholder);
    if (value !== undefined) this.used.add(placeholder);
    return value;
  }

  /** Throws ValidationException when a name or value is used by no expression compiled with these substitutions. */
  assertAllUsed(): void {
    if (this.used.size === this.names.size + this.values.size) return;
    this.assertUsed('ExpressionAttributeNames', this.names);
    this.assertUsed('ExpressionAttributeValues', this.values);
  }

  private assertUsed(member: string, placeholders: ReadonlyMap<string, unknown>): void {
    const unused = [...placeholders.keys()].filter((placeholder) => !this.used.has(placeholder));
    if (unused.length === 0) return;
    throw validationError(`Value provided in ${member} unused in expressions: keys: {${unused.join(', ')}}`);
  }

  /**
   * For a request without any expression: throws when names or values are given all the same. `expressions` are the
   * operation's expression members that take values, e.g. ['UpdateExpression', 'ConditionExpression'].
   */
  static assertAbsent(names: unknown, values: unknown, expressions: readonly string[]): void {
    if (names !== undefined && names !== null) {
      throw validationError('ExpressionAttributeNames can only be specified when using expressions');
    }
    if (values === undefined || values === null) return;
    const verb = expressions.length === 1 ? 'is' : 'are';
    throw validationError(
      'ExpressionAttributeValues can only be specified when using expressions: ' +
        `${expressions.join(' and ')} ${verb} null`,
    );
  }
}

function checkMapSize(sizeBytes: number, what: string): void {
  if (sizeBytes > MAX_MAP_SIZE_BYTES) throw validationError(`${what} exceeds max size`);
}

function checkNames(raw: unknown, options: SubstitutionOptions): Placeholders<string> {
  if (!isObject(raw)) return NO_NAMES;
  const names = new Map<string, string>();
  let length = 0;
  for (const placeholder in raw) {
    checkKey('ExpressionAttributeNames', NAME_KEY, placeholder);
    const name = raw[placeholder];
    const checked = checkName(placeholder, typeof name === 'string' ? name : '');
    names.set(placeholder, checked);
    length += checked.length;
  }
  if (names.size === 0) throw validationError('ExpressionAttributeNames must not be empty');
  if (options.translated === undefined) checkMapSize(length, 'ExpressionAttributeNames');
  return { map: names, sizeBytes: length };
}

function checkName(placeholder: string, name: string): string {
  if (name === '') throw invalidName('Empty attribute name', placeholder);
  if (name.length > MAX_KEY_SIZE_BYTES && utf8SizeBytes(name) > MAX_NAME_SIZE_BYTES) {
    throw invalidName('Attribute name is too large, must be less than 65536 bytes', placeholder);
  }
  return name;
}

function invalidName(fault: string, placeholder: string): DynamoError {
  return validationError(`ExpressionAttributeNames contains invalid value: ${fault} for key ${placeholder}`);
}

function checkValues(raw: unknown, options: SubstitutionOptions): Placeholders<AttributeValue> {
  if (!isObject(raw)) return NO_VALUES;
  const values = new Map<string, AttributeValue>();
  let sizeBytes = 0;
  for (const placeholder in raw) checkKey('ExpressionAttributeValues', VALUE_KEY, placeholder);
  for (const placeholder in raw) {
    const checked = checkedValue(placeholder, raw[placeholder], options);
    values.set(placeholder, checked.value);
    sizeBytes += checked.sizeBytes;
  }
  if (values.size === 0) throw validationError('ExpressionAttributeValues must not be empty');
  if (options.translated === undefined) checkMapSize(sizeBytes, 'ExpressionAttributeValues');
  return { map: values, sizeBytes };
}

function checkedValue(placeholder: string, raw: unknown, options: CheckOptions): CheckedValue {
  try {
    return checkValue(raw, options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw validationError(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${placeholder}`);
  }
}

function checkKey(member: string, pattern: RegExp, placeholder: string): void {
  if (pattern.test(placeholder) && placeholder.length <= MAX_KEY_SIZE_BYTES) return;
  throw validationError(`${member} contains invalid key: ${keyFault(member, placeholder)}`);
}

function keyFault(member: string, placeholder: string): string {
  if (placeholder === '') return 'The expression attribute map contains an empty key;';
  const sizeBytes = utf8SizeBytes(placeholder);
  if (sizeBytes <= MAX_KEY_SIZE_BYTES) return `Syntax error; key: "${placeholder}"`;
  // AWS names the size of names alone.
  const size = member === 'ExpressionAttributeNames' ? ` size of key: ${sizeBytes}` : '';
  return `The expression attribute map contains a key that is too long;${size}`;
}

function isObject(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null;
}
