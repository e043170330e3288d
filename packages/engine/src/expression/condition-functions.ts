import { type AttributeValue, base64SizeBytes, typeOf, valuesEqual } from '../value/index.js';
import type { Predicate } from './condition-predicates.js';
import { type ExpressionKind, expressionError } from './expression-error.js';
import type { Operand } from './operand.js';
import { operandTypeError } from './operator-check.js';

/** AWS lists the types in these orders, which are those of hash tables. */
const ALL_TYPES = '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}';
const VALID_TYPES = '{B,NULL,SS,BOOL,L,BS,N,NS,S,M}';
const VALID_TYPES_IN_STATEMENTS = '{N,BS,L,B,NULL,M,S,SS,NS,BOOL}';
const TYPE_NAMES: ReadonlySet<string> = new Set(['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL']);

type Build = (kind: ExpressionKind, operands: readonly Operand[]) => Predicate;

/** The functions that are conditions (docs: Expressions.OperatorsAndFunctions). Operands have passed checkOperator. */
export const CONDITION_FUNCTIONS: Readonly<Record<string, Build>> = {
  attribute_exists: (kind, [operand]) => {
    const { valueIn } = requirePath(kind, 'attribute_exists', operand);
    return (item) => valueIn(item) !== undefined;
  },
  attribute_not_exists: (kind, [operand]) => {
    const { valueIn } = requirePath(kind, 'attribute_not_exists', operand);
    return (item) => valueIn(item) === undefined;
  },
  attribute_type: (kind, [operand, typeName]) => {
    const type = requireTypeName(kind, typeName);
    return (item) => {
      const value = operand?.valueIn(item);
      return value !== undefined && typeOf(value) === type;
    };
  },
  begins_with: (_kind, [operand, prefix]) => {
    return (item) => beginsWith(operand?.valueIn(item), prefix?.valueIn(item));
  },
  contains: (_kind, [container, element]) => {
    return (item) => contains(container?.valueIn(item), element?.valueIn(item));
  },
};

function requirePath(kind: ExpressionKind, name: string, operand: Operand | undefined): Operand {
  if (operand?.path !== undefined) return operand;
  throw expressionError(kind, 'Operator or function requires a document path', [`operator or function: ${name}`]);
}

function requireTypeName(kind: ExpressionKind, operand: Operand | undefined): string {
  const literal = operand?.literal;
  if (literal === undefined || !('S' in literal)) {
    throw operandTypeError(kind, 'attribute_type', operand?.type ?? ALL_TYPES);
  }
  if (TYPE_NAMES.has(literal.S)) return literal.S;
  throw expressionError(kind, 'Invalid attribute type name found', [
    `type: ${literal.S}`,
    `valid types: ${kind === 'Statement' ? VALID_TYPES_IN_STATEMENTS : VALID_TYPES}`,
  ]);
}

function beginsWith(value: AttributeValue | undefined, prefix: AttributeValue | undefined): boolean {
  if (value === undefined || prefix === undefined) return false;
  if ('S' in value) return 'S' in prefix && value.S.startsWith(prefix.S);
  if (!('B' in value) || !('B' in prefix)) return false;
  const bytes = Buffer.from(prefix.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, bytes.length).equals(bytes);
}

/** Substring of a string or of bytes, member of a set, element of a list. */
function contains(container: AttributeValue | undefined, element: AttributeValue | undefined): boolean {
  if (container === undefined || element === undefined) return false;
  if ('S' in container) return 'S' in element && container.S.includes(element.S);
  if ('SS' in container) return 'S' in element && container.SS.includes(element.S);
  if ('NS' in container) return 'N' in element && container.NS.includes(element.N);
  if ('BS' in container) return 'B' in element && container.BS.includes(element.B);
  if ('L' in container) return container.L.some((member) => valuesEqual(member, element));
  if (!('B' in container) || !('B' in element)) return false;
  return Buffer.from(container.B, 'base64').includes(Buffer.from(element.B, 'base64'));
}

/** Length of a string, in UTF-16 units, and of bytes; number of members or elements; undefined for all other types. */
export function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  const size = value === undefined ? undefined : countOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

function countOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return base64SizeBytes(value.B);
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  return 'BS' in value ? value.BS.length : undefined;
}
