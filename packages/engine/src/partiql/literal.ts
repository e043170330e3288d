import { type DynamoError, validationError } from '../errors.js';
import { type AttributeMap, type AttributeValue, MAX_NESTED_COLLECTIONS, normalizeNumber } from '../value/index.js';
import type { ExpressionNode, Position, SequenceNode, StructNode } from './ast.js';
import { className } from './class-name.js';
import { ionType } from './ion-type.js';
import { errorAt } from './statement-error.js';

/** Expressions that are values: literals and parameters. */
export type ValueNode = Extract<
  ExpressionNode,
  { kind: 'string' | 'number' | 'boolean' | 'null' | 'ion' | 'list' | 'bag' | 'struct' | 'parameter' }
>;

const VALUE_KINDS: ReadonlySet<ExpressionNode['kind']> = new Set<ValueNode['kind']>([
  'string',
  'number',
  'boolean',
  'null',
  'ion',
  'list',
  'bag',
  'struct',
  'parameter',
]);

export function isValueNode(node: ExpressionNode): node is ValueNode {
  return VALUE_KINDS.has(node.kind);
}

/** Where messages say that a value lies. */
const ROOT = 'root';
const SETS_ONLY_OF = 'Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags';

/** Turns the values of one statement into attribute values. Throws ValidationException with AWS's words. */
export class Literals {
  /** `parameters` have been checked. */
  constructor(private readonly parameters: readonly AttributeValue[]) {}

  valueOf(node: ValueNode): AttributeValue {
    return node.kind === 'parameter' ? this.#parameter(node.index) : valueUnder(node, ROOT, 0);
  }

  /** The item of an INSERT, each attribute of which is a value by itself. */
  itemOf(node: StructNode): AttributeMap {
    const entries = new Map<string, AttributeValue>();
    for (const { key, value } of node.members) {
      const name = memberName(key, ROOT);
      if (!isValueNode(value)) throw unsupported(nodeName(value), value, ROOT);
      const attribute = this.valueOf(value);
      if (entries.has(name)) throw duplicateKey(name, ROOT, key.at);
      entries.set(name, attribute);
    }
    return Object.fromEntries(entries);
  }

  #parameter(index: number): AttributeValue {
    const value = this.parameters[index];
    if (value !== undefined) return value;
    throw validationError("Number of parameters in request and statement don't match.");
  }
}

function valueUnder(node: ExpressionNode, place: string, depth: number): AttributeValue {
  if (depth > MAX_NESTED_COLLECTIONS) {
    throw validationError(`Nesting Levels have exceeded supported limits under ${place}`);
  }
  switch (node.kind) {
    case 'string':
      return { S: node.text };
    case 'number':
      return { N: numberUnder(node.text, place) };
    case 'boolean':
      return { BOOL: node.value };
    case 'null':
      return { NULL: true };
    case 'list':
      return { L: node.elements.map((element, index) => valueUnder(element, `${place}[${index}]`, depth + 1)) };
    case 'struct':
      return { M: mapUnder(node, place, depth) };
    case 'bag':
      return setUnder(node, place);
    case 'ion':
      throw errorAt(`Ion Literals are not supported: ${ionType(node.text)} under key ${place}`, node.at);
    default:
      throw unsupported(depth === 0 ? nodeName(node) : className(node), node, place);
  }
}

function mapUnder(node: StructNode, place: string, depth: number): AttributeMap {
  const entries = new Map<string, AttributeValue>();
  for (const { key, value } of node.members) {
    const name = memberName(key, place);
    const member = valueUnder(value, `${place}.${name}`, depth + 1);
    if (entries.has(name)) throw duplicateKey(name, place, node.at);
    entries.set(name, member);
  }
  return Object.fromEntries(entries);
}

function duplicateKey(name: string, place: string, at: Position | undefined): DynamoError {
  return errorAt(`Duplicate keys in tuple. Key: ${name} under ${place}`, at);
}

function memberName(key: ExpressionNode, place: string): string {
  if (key.kind !== 'string') {
    throw errorAt(`Tuple keys must be of type String. Actual type: ${typeName(key)} under ${place}`, key.at);
  }
  if (key.text === '') throw validationError('Path component cannot be an empty string');
  return key.text;
}

/** The type of a key that should be a string. */
function typeName(node: ExpressionNode): string {
  switch (node.kind) {
    case 'number':
      return /^-?[0-9]+$/.test(node.text) ? 'INT' : 'DECIMAL';
    case 'boolean':
      return 'BOOL';
    case 'null':
      return 'NULL';
    default:
      return className(node);
  }
}

function numberUnder(text: string, place: string): string {
  try {
    return normalizeNumber(text);
  } catch (error) {
    throw error instanceof Error ? validationError(`${error.message} under ${place}`) : error;
  }
}

/** A bag is a set; the type of the first element is that of all. */
function setUnder({ elements }: SequenceNode, place: string): AttributeValue {
  const [first] = elements;
  if (first === undefined) throw validationError('Empty bags are not supported');
  if (first.kind !== 'string' && first.kind !== 'number') throw errorAt(SETS_ONLY_OF, first.at);
  const texts = elements.map((element) => {
    if (!isValueNode(element)) throw unsupported(className(element), element, place);
    if (element.kind === first.kind) return element.text;
    throw errorAt(SETS_ONLY_OF, element.at);
  });
  if (first.kind === 'string') {
    refuseDuplicates(texts, texts, '.');
    return { SS: texts };
  }
  const numbers = texts.map((text) => numberUnder(text, place));
  refuseDuplicates(numbers, texts, `! under ${place}`);
  return { NS: numbers };
}

function refuseDuplicates(members: readonly string[], texts: readonly string[], ending: string): void {
  if (new Set(members).size === members.length) return;
  const collection = `Input collection [${texts.join(', ')}] contains duplicates${ending}`;
  throw validationError(`One or more parameter values were invalid: ${collection}`);
}

function unsupported(name: string, node: ExpressionNode, place: string): DynamoError {
  return errorAt(`Unsupported data type: ${name} under key ${place}`, node.at);
}

/** An expression as most messages name it: by its name, operator or function. */
export function nodeName(node: ExpressionNode): string {
  switch (node.kind) {
    case 'identifier':
    case 'call':
    case 'unsupported':
      return node.name;
    case 'parameter':
      return 'Parameter';
    case 'path':
      return 'PATH';
    case 'missing':
      return 'MISSING';
    case 'binary':
      return node.operator;
    case 'isType':
      return 'is';
    case 'minus':
      return '-';
    case 'plus':
      return '+';
    case 'statement':
      return node.statement.kind === 'select' ? 'SELECT' : node.statement.kind.toUpperCase();
    default:
      return node.kind;
  }
}
