import { defined } from '@tablewright/base';
import type { SeededRandom } from '@tablewright/testkit';
import type { Member, Shape, StructureShape } from '../shape.js';

/** What a protocol can carry. */
export interface ValueLimits {
  /** Whether empty lists, maps and texts come back as such rather than as nothing. */
  readonly empty: boolean;
}

const maximumDepth = 5;
const bodyTexts = [
  'a',
  'Grüße, 世界',
  '<&>"\'',
  ' padded ',
  'a/b+c d%20=&?',
  '😀',
  'tab\tin',
  'line\nbreak',
  'cr\rhere',
];
const uriTexts = ['a', 'Grüße, 世界', '<&>"\'', 'a/b+c d%20=&?', '😀', '0123456789', 'arn:aws:x:y:z'];
const headerTexts = ['a', 'text/plain; q=0.5', 'a, b', 'say "hi"', '0123456789', 'arn:aws:x:y:z/*'];

/** A random value of a shape, in the SDK's own types. */
export function randomValue(shape: Shape, random: SeededRandom, limits: ValueLimits): unknown {
  return new ValueMaker(random, limits).value(shape, bodyTexts, 0);
}

class ValueMaker {
  constructor(
    private readonly random: SeededRandom,
    private readonly limits: ValueLimits,
  ) {}

  value(shape: Shape, texts: readonly string[], depth: number): unknown {
    const { random, limits } = this;
    switch (shape.kind) {
      case 'structure':
        return this.#structure(shape, depth);
      case 'union': {
        const flat = shape.members.filter((member) => isFlat(member.shape));
        const member = random.pick(depth >= maximumDepth && flat.length > 0 ? flat : shape.members);
        return { [member.name]: this.value(member.shape, texts, depth + 1) };
      }
      case 'list':
        return this.#positions(depth, texts).map(() => this.value(shape.member.shape, texts, depth + 1));
      case 'map': {
        const entry = (position: number): [string, unknown] => [
          texts === headerTexts ? `key-${position}` : `k${position}${random.pick(texts)}`,
          this.value(shape.value.shape, texts, depth + 1),
        ];
        return Object.fromEntries(this.#positions(depth, texts).map(entry));
      }
      case 'blob':
        return new Uint8Array(random.bytes(random.integer(limits.empty ? 0 : 1, 20)));
      case 'boolean':
        return random.next() < 0.5;
      case 'number':
        return random.next() < 0.5 ? random.integer(-1_000_000, 1_000_000) : random.next() * 1000;
      case 'bigInteger':
        return BigInt(random.integer(0, 1_000_000));
      case 'timestamp':
        return new Date(random.integer(0, 2_000_000_000) * 1000);
      case 'string':
        return limits.empty && texts === bodyTexts && random.next() < 0.1 ? '' : random.pick(texts);
      default:
        return {};
    }
  }

  #structure(shape: StructureShape, depth: number): Record<string, unknown> {
    const share = depth < 2 ? 0.7 : 0.3;
    const chosen = shape.members.filter((member) => isAlwaysSent(member) || this.random.next() < share);
    const present = depth >= maximumDepth ? chosen.filter((member) => member.required || isFlat(member.shape)) : chosen;
    const members = present.length === 0 && shape.members.length > 0 ? [defined(shape.members[0], 'member')] : present;
    return Object.fromEntries(members.map((member) => [member.name, this.#member(member, depth)]));
  }

  #member(member: Member, depth: number): unknown {
    if (member.traits.httpResponseCode !== undefined) return this.random.integer(200, 299);
    return this.value(member.shape, textsFor(member), depth + 1);
  }

  #positions(depth: number, texts: readonly string[]): number[] {
    const minimum = this.limits.empty && texts === bodyTexts ? 0 : 1;
    const length = depth >= maximumDepth ? minimum : this.random.integer(minimum, 3);
    return Array.from({ length }, (_, position) => position);
  }
}

function textsFor({ traits }: Member): readonly string[] {
  if (traits.hostLabel !== undefined) return ['host-label'];
  if (traits.httpHeader !== undefined || traits.httpPrefixHeaders !== undefined) return headerTexts;
  // XML reads a line break in an attribute as a space or another break; the SDK does not escape it.
  const isOneLine = traits.httpLabel ?? traits.httpQuery ?? traits.xmlAttribute;
  return isOneLine === undefined ? bodyTexts : uriTexts;
}

/** What HTTP or the SDK adds to a message by itself comes back whether or not it was given. */
function isAlwaysSent({ required, traits }: Member): boolean {
  const added = traits.httpResponseCode ?? traits.httpPayload ?? traits.idempotencyToken;
  return required || added !== undefined || /^content-(length|type)$/i.test(traits.httpHeader ?? '');
}

function isFlat(shape: Shape): boolean {
  return !['structure', 'union', 'list', 'map'].includes(shape.kind);
}
