import type { Shape, StructureShape } from './shape.js';

// Values in messages of violations, as AWS prints them: with the toString() of its Java classes.

/** Members of AWS's attribute values, in the order of its class; some are no part of the API. */
const VALUE_MEMBERS = 'S N B INT DECIMAL DOUBLE SS NS BS INTSET DECIMALSET DOUBLESET M L NULL BOOL'.split(' ');
/** Members of AWS's classes that are no part of the API. */
const INTERNAL_MEMBERS: Readonly<Record<string, string>> = { PutRequest: ', workloadProfileName=null' };

export function printValue(value: unknown, shape?: Shape): string {
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value)) {
    const member = shape?.kind === 'list' ? shape.member : undefined;
    return `[${value.map((one) => printValue(one, member)).join(', ')}]`;
  }
  if (typeof value !== 'object') return String(value);
  const object = value as Record<string, unknown>;
  if (shape?.kind === 'structure') return printStructure(object, shape);
  if (shape?.kind === 'attributeValue') return printAttributeValue(object);
  const member: Shape | undefined =
    shape?.kind === 'attributeMap' ? { kind: 'attributeValue' } : shape?.kind === 'map' ? shape.value : undefined;
  return `{${Object.entries(object)
    .map(([key, inner]) => `${key}=${printValue(inner, member)}`)
    .join(', ')}}`;
}

function printStructure(value: Record<string, unknown>, { name, members }: StructureShape): string {
  const printed = members.map((member) => `${member.pathName}=${printValue(value[member.name], member.shape)}`);
  return `${name}(${printed.join(', ')}${INTERNAL_MEMBERS[name] ?? ''})`;
}

function printAttributeValue(value: Record<string, unknown>): string {
  const printed = VALUE_MEMBERS.map((name) => {
    const inner: Shape | undefined =
      name === 'M'
        ? { kind: 'attributeMap' }
        : name === 'L'
          ? { kind: 'list', member: { kind: 'attributeValue' } }
          : undefined;
    return `${name.charAt(0).toLowerCase()}${name.slice(1)}=${printValue(value[name], inner)}`;
  });
  return `AttributeValue(${printed.join(', ')})`;
}
