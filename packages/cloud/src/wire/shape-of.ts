import { NormalizedSchema } from '@smithy/core/schema';
import type {
  ListShape,
  MapShape,
  Member,
  Shape,
  SimpleShape,
  StructureShape,
  TimestampFormat,
  Traits,
} from './shape.js';

type SchemaReference = Parameters<typeof NormalizedSchema.of>[0];

// Positions in the SDK's schema arrays (Smithy's own compact form): [kind, namespace, name, traits, …].
const requiredCountIndex = 6;
const timestampFormats: readonly TimestampFormat[] = ['default', 'date-time', 'http-date', 'epoch-seconds'];
const firstTimestampCode = 4;

const shapes = new WeakMap<object, Shape>();

/** The structure with no members, which stands for an operation's missing input or output. */
export const unitShape: StructureShape = {
  kind: 'structure',
  name: 'Unit',
  traits: {},
  members: [],
  member: () => undefined,
};

/** The shape that an SDK schema describes. The same schema gives the same shape, so recursive models end. */
export function shapeOf(reference: unknown): Shape {
  const schema = NormalizedSchema.of(reference as SchemaReference);
  const raw: unknown = schema.getSchema();
  if (typeof raw !== 'object' || raw === null) return buildShape(schema);
  const known = shapes.get(raw);
  if (known !== undefined) return known;
  const shape = buildShape(schema);
  shapes.set(raw, shape);
  return shape;
}

/** The structure behind `reference`; {@link unitShape} where the model has none. */
export function structureOf(reference: unknown): StructureShape {
  const shape = shapeOf(reference);
  return shape.kind === 'structure' || shape.kind === 'union' ? shape : unitShape;
}

function buildShape(schema: NormalizedSchema): Shape {
  if (schema.isStructSchema()) return structureShape(schema);
  if (schema.isListSchema()) return listShape(schema);
  if (schema.isMapSchema()) return mapShape(schema);
  const traits: Traits = schema.getOwnTraits();
  if (schema.isTimestampSchema()) {
    const format = timestampFormats[Number(schema.getSchema()) - firstTimestampCode] ?? 'default';
    return { kind: 'timestamp', format, traits };
  }
  return { kind: simpleKind(schema), traits };
}

function simpleKind(schema: NormalizedSchema): SimpleShape['kind'] {
  if (schema.isStringSchema()) return 'string';
  if (schema.isNumericSchema()) return 'number';
  if (schema.isBooleanSchema()) return 'boolean';
  if (schema.isBlobSchema()) return 'blob';
  if (schema.isBigIntegerSchema()) return 'bigInteger';
  if (schema.isBigDecimalSchema()) return 'bigDecimal';
  return schema.isUnitSchema() ? 'unit' : 'document';
}

function structureShape(schema: NormalizedSchema): StructureShape {
  let byName: Map<string, Member> | undefined;
  const index = (): Map<string, Member> => {
    byName ??= new Map(membersOf(schema).map((member) => [member.name, member]));
    return byName;
  };
  let list: readonly Member[] | undefined;
  return {
    kind: schema.isUnionSchema() ? 'union' : 'structure',
    name: schema.getName() ?? '',
    traits: schema.getOwnTraits(),
    get members() {
      list ??= [...index().values()];
      return list;
    },
    member: (name) => index().get(name),
  };
}

function membersOf(schema: NormalizedSchema): Member[] {
  const raw: unknown = schema.getSchema();
  const requiredCount = Array.isArray(raw) ? Number(raw[requiredCountIndex] ?? 0) : 0;
  return [...schema.structIterator()].map(([name, member], position) =>
    memberOf(name, member, position < requiredCount),
  );
}

function memberOf(name: string, schema: NormalizedSchema, required: boolean): Member {
  let shape: Shape | undefined;
  return {
    name,
    get shape() {
      shape ??= shapeOf(schema);
      return shape;
    },
    traits: schema.getMergedTraits(),
    ownTraits: schema.getMemberTraits(),
    required,
  };
}

function listShape(schema: NormalizedSchema): ListShape {
  let member: Member | undefined;
  return {
    kind: 'list',
    traits: schema.getOwnTraits(),
    get member() {
      member ??= memberOf('member', schema.getValueSchema(), false);
      return member;
    },
  };
}

function mapShape(schema: NormalizedSchema): MapShape {
  let key: Member | undefined;
  let value: Member | undefined;
  return {
    kind: 'map',
    traits: schema.getOwnTraits(),
    get key() {
      key ??= memberOf('key', schema.getKeySchema(), true);
      return key;
    },
    get value() {
      value ??= memberOf('value', schema.getValueSchema(), false);
      return value;
    },
  };
}
