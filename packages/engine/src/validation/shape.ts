/**
 * A description of a JSON value in terms of the API model, as far as AWS checks it before anything else. Required
 * members and members are kept in the order in which AWS reports their violations, where that order is known.
 */
export type Shape =
  | StringShape
  | NumberShape
  | { readonly kind: 'boolean' }
  /** An item, a key, or the values of expressions: only that it is an object is checked with the input. */
  | { readonly kind: 'attributeMap' }
  /** One attribute value, checked likewise: the value layer checks what is inside, once, when it reads it. */
  | { readonly kind: 'attributeValue' }
  | ListShape
  | MapShape
  | StructureShape;

export interface StringShape {
  readonly kind: 'string';
  readonly min?: number;
  readonly max?: number;
  /** The whole string must match. */
  readonly pattern?: RegExp;
  /** The pattern as AWS spells it in the message. */
  readonly patternText?: string;
  /** In the order of AWS's message. */
  readonly values?: readonly string[];
  /** The order in which AWS tells of a value that breaks the rules of both; known name by name, with no rule to it. */
  readonly lengthFirst?: boolean;
  /** An ARN of up to 1024 characters is accepted in place of a name. */
  readonly acceptsArn?: boolean;
}

export interface NumberShape {
  readonly kind: 'Integer' | 'Long' | 'Double' | 'Timestamp';
  readonly min?: number;
  readonly max?: number;
}

export interface ListShape {
  readonly kind: 'list';
  readonly member: Shape;
  readonly min?: number;
  readonly max?: number;
}

export interface MapShape {
  readonly kind: 'map';
  readonly key?: StringShape;
  readonly value: Shape;
  readonly min?: number;
  readonly max?: number;
}

export interface StructureShape {
  readonly kind: 'structure';
  /** The Java class, in messages that print such structures. */
  readonly name: string;
  readonly members: readonly Member[];
}

export interface Member {
  readonly name: string;
  /** As AWS spells it in paths: first letter in lower case. */
  readonly pathName: string;
  readonly shape: Shape;
  readonly required: boolean;
}

export interface Range {
  readonly min?: number;
  readonly max?: number;
}

export const boolean: Shape = { kind: 'boolean' };
export const integer = (range: Range = {}): NumberShape => ({ kind: 'Integer', ...range });
export const long = (range: Range = {}): NumberShape => ({ kind: 'Long', ...range });
export const double = (range: Range = {}): NumberShape => ({ kind: 'Double', ...range });
export const timestamp: NumberShape = { kind: 'Timestamp' };

export function string(range: Range & { readonly pattern?: string } = {}): StringShape {
  const { pattern, ...lengths } = range;
  if (pattern === undefined) return { kind: 'string', ...lengths };
  // Java's name for printable ASCII, which JavaScript does not know.
  const source = pattern.replaceAll('\\p{Print}', '[\\x20-\\x7e]');
  const flags = pattern.includes('\\uD800') ? 'u' : '';
  return { kind: 'string', ...lengths, pattern: new RegExp(`^(?:${source})$`, flags), patternText: pattern };
}

export function enumeration(...values: string[]): StringShape {
  return { kind: 'string', values };
}

export function list(member: Shape, range: Range = {}): ListShape {
  return { kind: 'list', member, ...range };
}

export function map(value: Shape, range: Range & { readonly key?: StringShape } = {}): MapShape {
  return { kind: 'map', value, ...range };
}

/** A structure; a member whose name ends in `!` is required. */
export function structure(name: string, members: Readonly<Record<string, Shape>>): StructureShape {
  return {
    kind: 'structure',
    name,
    members: Object.entries(members).map(([text, shape]) => {
      const required = text.endsWith('!');
      const memberName = required ? text.slice(0, -1) : text;
      const pathName = memberName.charAt(0).toLowerCase() + memberName.slice(1);
      return { name: memberName, pathName, shape, required };
    }),
  };
}

export const attributeMap: Shape = { kind: 'attributeMap' };
export const attributeValue: Shape = { kind: 'attributeValue' };

/**
 * Where operations take a table by name or by ARN: a name must satisfy the rules for names, and what begins with
 * `arn:` only the length of an ARN (the model itself gives 1 to 1024 for both, yet AWS answers by these rules).
 */
export const tableNameOrArn: StringShape = {
  ...string({ min: 3, max: 255, pattern: '[a-zA-Z0-9_.-]+' }),
  lengthFirst: true,
  acceptsArn: true,
};
