import type { SeededRandom } from '@tablewright/testkit';

/** One way to spoil a request body. */
type Mutation = (body: object, random: SeededRandom) => Uint8Array;

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** What stands where something else should: every JSON type, and the extremes of each. */
const STRANGERS: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  'x',
  '\u0000',
  '\ud800',
  'arn:aws:dynamodb:::',
  [],
  [null],
  [[[]]],
  {},
  { S: 1 },
  { '': '' },
  { N: 'NaN' },
  { N: '1e999' },
  { B: '***' },
  { B: 'AAA' },
  { SS: [] },
  { NULL: false },
  { M: { a: null } },
  { L: [{ S: 'a', N: '1' }] },
  { __proto__: null, constructor: {}, toString: 'x' },
];

/** Stands where a text goes that is too deep to be made from a value. */
const PLACE_OF_DEPTH = 'the place of depth';

/** Every place within a value, as the keys that lead there. */
function places(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, inner]) => places(inner, [...at, name]))];
}

function replaced(value: unknown, at: readonly string[], change: (old: unknown) => unknown): unknown {
  const [name, ...rest] = at;
  if (name === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((inner, n) => (String(n) === name ? replaced(inner, rest, change) : inner));
  const object = value as Record<string, unknown>;
  return { ...object, [name]: replaced(object[name], rest, change) };
}

function somewhere(body: object, random: SeededRandom, change: (old: unknown) => unknown): Buffer {
  return json(replaced(body, random.pick(places(body)), change));
}

function nested(depth: number, open: string, inner: string, close: string): string {
  return open.repeat(depth) + inner + close.repeat(depth);
}

const mutations: Readonly<Record<string, Mutation>> = {
  truncated: (body, random) => {
    const whole = json(body);
    return whole.subarray(0, random.integer(0, whole.length - 1));
  },
  'a byte replaced': (body, random) => {
    const whole = json(body);
    whole[random.integer(0, whole.length - 1)] = random.integer(0, 255);
    return whole;
  },
  'bytes that are no UTF-8': (body, random) => {
    const whole = json(body);
    const at = random.integer(0, whole.length);
    const bad = random.pick([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf8, 0x88, 0x80, 0x80, 0x80]]);
    return Buffer.concat([whole.subarray(0, at), Buffer.from(bad), whole.subarray(at)]);
  },
  'another type': (body, random) => somewhere(body, random, () => random.pick(STRANGERS)),
  'a member taken out or added': (body, random) =>
    somewhere(body, random, (old) => {
      if (typeof old !== 'object' || old === null || Array.isArray(old)) return [old, old];
      const names = Object.keys(old);
      const gone = names.length === 0 ? '' : random.pick(names);
      const left = Object.entries(old).filter(([name]) => name !== gone);
      return { ...Object.fromEntries(left), [random.pick(['Unknown', 'S', 'Limit', '#n'])]: random.pick(STRANGERS) };
    }),
  deep: (body, random) => {
    const depth = random.pick([33, 100, 5_000, 100_000]);
    const [open, inner, close] = random.pick([
      ['{"M":{"a":', '{"S":"x"}', '}}'],
      ['{"L":[', '{"S":"x"}', ']}'],
      ['[', '', ']'],
    ]);
    const spoilt = somewhere(body, random, () => PLACE_OF_DEPTH).toString('utf8');
    const deep = nested(depth, open ?? '', inner ?? '', close ?? '');
    return Buffer.from(spoilt.replace(JSON.stringify(PLACE_OF_DEPTH), () => deep));
  },
  huge: (body, random) => {
    const length = random.pick([256, 4_097, 70_000, 500_000]);
    const text = random.pick(['a', '9', '(', ':v', 'é', '#n.', '[1]']);
    return somewhere(body, random, () => text.repeat(Math.ceil(length / text.length)));
  },
  'an expression of odd pieces': (body, random) =>
    somewhere(body, random, () =>
      Array.from({ length: random.integer(1, 12) }, () =>
        random.pick([
          '(',
          ')',
          'AND',
          'NOT',
          '#n',
          ':v',
          '=',
          '<>',
          'IN',
          ',',
          'a.b[0]',
          'size(',
          'SET',
          'pk',
          "'",
          '[',
        ]),
      ).join(' '),
    ),
};

export const mutationNames: readonly string[] = Object.keys(mutations);

/** The body, spoilt in the way named; the same for the same random state. */
export function spoil(body: object, name: string, random: SeededRandom): Uint8Array {
  const mutation = mutations[name];
  if (mutation === undefined) throw new Error(`there is no mutation ${name}`);
  return mutation(body, random);
}
