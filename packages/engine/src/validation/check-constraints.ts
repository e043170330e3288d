import { validationError } from '../errors.js';
import type { OperationName } from '../operation-name.js';
import { printValue } from './print-value.js';
import { listed, recentWording, type ValidationWords } from './recent-wording.js';
import type { ListShape, MapShape, Shape, StringShape, StructureShape } from './shape.js';

/** AWS reports this many violations and no more. */
const MAX_VIOLATIONS = 10;

/** One broken rule of an input. */
export interface Violation {
  /** Where, with members spelled as AWS does in messages, e.g. `requestItems.orders.member.keys`. */
  readonly path: string;
  /** Undefined for a member that is missing. */
  readonly value: unknown;
  /** As AWS prints it, quotes included. */
  readonly valueText: string;
  readonly rule: string;
}

/**
 * The second of AWS's two passes over an input of the right types: required members, lengths, patterns, enums and
 * ranges. Throws one ValidationException with all violations.
 */
export function checkConstraints(
  operation: OperationName | undefined,
  input: Record<string, unknown>,
  shape: StructureShape,
  words: ValidationWords = 'older',
): void {
  const violations: Violation[] = [];
  checkStructure(input, shape, '', violations);
  if (violations.length === 0) return;
  const recent = operation && recentWording(operation, violations, input, words);
  if (recent !== undefined) throw validationError(recent);
  throw validationError(listed(violations));
}

function checkStructure(value: Record<string, unknown>, shape: StructureShape, path: string, found: Violation[]): void {
  for (const member of shape.members) {
    const given = value[member.name];
    if (given === undefined) {
      if (member.required) add(found, undefined, at(path, member.pathName), 'Member must not be null');
    } else {
      check(given, member.shape, path, member.pathName, found);
    }
  }
}

function check(value: unknown, shape: Shape, path: string, name: string, found: Violation[]): void {
  switch (shape.kind) {
    case 'string':
      checkString(value as string, shape, () => at(path, name), found);
      return;
    case 'Integer':
    case 'Long':
    case 'Double':
      if (shape.min !== undefined && (value as number) < shape.min) {
        add(found, value, at(path, name), `Member must have value greater than or equal to ${shape.min}`);
      }
      if (shape.max !== undefined && (value as number) > shape.max) {
        add(found, value, at(path, name), `Member must have value less than or equal to ${shape.max}`);
      }
      return;
    case 'list':
      checkLength((value as unknown[]).length, shape, value, () => at(path, name), found);
      for (const [position, member] of (value as unknown[]).entries()) {
        const place = `${at(path, name)}.${position + 1}`;
        if (member === null) add(found, undefined, `${place}.member`, 'Member must not be null');
        else if (hasConstraints(shape.member)) check(member, shape.member, place, 'member', found);
      }
      return;
    case 'map':
      checkMap(value as Record<string, unknown>, shape, at(path, name), found);
      return;
    case 'structure':
      checkStructure(value as Record<string, unknown>, shape, at(path, name), found);
      return;
    default:
      return;
  }
}

function checkMap(value: Record<string, unknown>, shape: MapShape, path: string, found: Violation[]): void {
  const keys = Object.keys(value);
  checkLength(keys.length, shape, value, () => path, found);
  if (shape.key !== undefined && keys.some((key) => brokenRules(key, shape.key).length > 0)) {
    add(found, value, path, `Map keys must satisfy constraint: [${allRules(shape.key).join(', ')}]`, shape);
  }
  if (shape.value.kind === 'list' && keys.some((key) => isBadLength(value[key], shape.value))) {
    add(found, value, path, `Map value must satisfy constraint: [${allRules(shape.value).join(', ')}]`, shape);
    return;
  }
  if (!hasConstraints(shape.value)) return;
  for (const key of keys) {
    const member = value[key];
    if (member === null) add(found, undefined, `${path}.${key}.member`, 'Member must not be null');
    else check(member, shape.value, `${path}.${key}`, 'member', found);
  }
}

/** Attribute values have nothing to check; a batch of thousands of them is not walked for it. */
function hasConstraints(shape: Shape): boolean {
  return shape.kind !== 'attributeMap' && shape.kind !== 'attributeValue' && shape.kind !== 'boolean';
}

function checkString(value: string, shape: StringShape, path: () => string, found: Violation[]): void {
  for (const rule of brokenRules(value, shape)) add(found, value, path(), rule);
}

const MAX_ARN_LENGTH = 1024;
const NONE: readonly string[] = [];

function brokenRules(value: string, shape: StringShape | undefined): readonly string[] {
  if (shape === undefined) return NONE;
  if (shape.acceptsArn === true && value.startsWith('arn:')) {
    return value.length <= MAX_ARN_LENGTH ? NONE : [lengthRule('less', MAX_ARN_LENGTH)];
  }
  if (shape.values !== undefined) {
    return shape.values.includes(value) ? NONE : [`Member must satisfy enum value set: [${shape.values.join(', ')}]`];
  }
  const lengths: string[] = [];
  if (shape.min !== undefined && value.length < shape.min) lengths.push(lengthRule('greater', shape.min));
  if (shape.max !== undefined && value.length > shape.max) lengths.push(lengthRule('less', shape.max));
  if (shape.pattern === undefined || shape.pattern.test(value)) return lengths;
  return shape.lengthFirst === true ? [...lengths, patternRule(shape)] : [patternRule(shape), ...lengths];
}

/** Every rule of a map's keys or values; AWS lists them all when one of them is broken. */
function allRules(shape: StringShape | ListShape): string[] {
  const rules: string[] = [];
  if (shape.max !== undefined) rules.push(lengthRule('less', shape.max));
  if (shape.min !== undefined) rules.push(lengthRule('greater', shape.min));
  if (shape.kind === 'string' && shape.pattern !== undefined) rules.push(patternRule(shape));
  return rules;
}

function isBadLength(value: unknown, limits: Shape): boolean {
  if (limits.kind !== 'list' || !Array.isArray(value)) return false;
  const { min = 0, max = Number.POSITIVE_INFINITY } = limits;
  return value.length < min || value.length > max;
}

function lengthRule(side: 'greater' | 'less', limit: number): string {
  return `Member must have length ${side} than or equal to ${limit}`;
}

function patternRule(shape: StringShape): string {
  return `Member must satisfy regular expression pattern: ${shape.patternText}`;
}

function checkLength(
  length: number,
  shape: ListShape | MapShape,
  value: unknown,
  path: () => string,
  found: Violation[],
): void {
  if (shape.min !== undefined && length < shape.min) {
    add(found, value, path(), lengthRule('greater', shape.min), shape);
  }
  if (shape.max !== undefined && length > shape.max) {
    add(found, value, path(), lengthRule('less', shape.max), shape);
  }
}

function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function add(found: Violation[], value: unknown, path: string, rule: string, shape?: Shape): void {
  if (found.length >= MAX_VIOLATIONS) return;
  found.push({ path, value, valueText: value === undefined ? 'null' : `'${printValue(value, shape)}'`, rule });
}
