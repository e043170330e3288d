import type { SeededRandom } from '@tablewright/testkit';
import type { Member, Shape } from '../shape.js';

/** What the values of a protocol can be: some places cannot carry everything. */
export interface ValueLimits {
  /** Whether empty lists and maps come back as such. */
  readonly emptyCollections: boolean;
  /** Whether blobs and strings may be empty. */
  readonly emptyText: boolean;
}

const maximumDepth = 5;
const texts = ['a', 'Grüße, 世界', '<&>"\'', ' padded ', 'a/b+c d%20=&?', 'emoji 😀', 'tab\tin', '0123456789'];

/** A random value of a shape, in the SDK's own types. */
export function randomValue(shape: Shape, random: SeededRandom, limits: ValueLimits, depth = 0): unknown {
  switch (shape.kind) {
    case 'structure':
      return randomStructure(shape.members, random, limits, depth);
    case 'union': {
      const member = random.pick(shape.members);
      return { [member.name]: randomValue(member.shape, random, limits, depth + 1) };
    }
    case 'list':
      return randomItems(random, limits, depth).map(() => randomValue(shape.member.shape, random, limits, depth + 1));
    case 'map':
      return Object.fromEntries(
        randomItems(random, limits, depth).map((position) => [
          `k${position}-${random.pick(texts)}`,
          randomValue(shape.value.shape, random, limits, depth + 1),
        ]),
      );
    case 'blob':
      return new Uint8Array(random.bytes(random.integer(limits.emptyText ? 0 : 1, 20)));
    case 'boolean':
      return random.next() < 0.5;
    case 'number':
      return random.integer(-1_000_000, 1_000_000);
    case 'bigInteger':
      return BigInt(random.integer(0, 1_000_000));
    case 'timestamp':
      return new Date(random.integer(0, 2_000_000_000) * 1000);
    case 'string':
      return limits.emptyText && random.next() < 0.1 ? '' : random.pick(texts);
    default:
      return {};
  }
}

function randomStructure(
  members: readonly Member[],
  random: SeededRandom,
  limits: ValueLimits,
  depth: number,
): Record<string, unknown> {
  const chosen = members.filter((member) => member.required || random.next() < (depth < 2 ? 0.7 : 0.3));
  const present = depth >= maximumDepth ? chosen.filter((member) => member.required || isFlat(member.shape)) : chosen;
  return Object.fromEntries(
    present.map((member) => [member.name, randomValue(member.shape, random, limits, depth + 1)]),
  );
}

function randomItems(random: SeededRandom, limits: ValueLimits, depth: number): number[] {
  const minimum = limits.emptyCollections ? 0 : 1;
  const length = depth >= maximumDepth ? minimum : random.integer(minimum, 3);
  return Array.from({ length }, (_, position) => position);
}

function isFlat(shape: Shape): boolean {
  return shape.kind !== 'structure' && shape.kind !== 'union' && shape.kind !== 'list' && shape.kind !== 'map';
}
