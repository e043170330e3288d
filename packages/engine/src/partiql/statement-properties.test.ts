import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import { DynamoError } from '../errors.js';
import type {
  BinaryOperator,
  ExpressionNode,
  PathStep,
  Position,
  ReturnedPart,
  StatementNode,
  UpdateActionNode,
} from './ast.js';
import { parse } from './parse.js';
import { printStatement } from './print.js';
import { N, S, StatementFixture, withoutPlaces } from './statement-fixture.js';

const at: Position = { line: 1, column: 1, length: 1 };

const name = fc.constantFrom('a', 'b', 'pk', 'from', 'x "y"');
const identifier = name.map((text): ExpressionNode => ({ kind: 'identifier', at, name: text }));
const step: fc.Arbitrary<PathStep> = fc.oneof(
  name.map((text): PathStep => ({ kind: 'member', at, name: text })),
  fc.nat({ max: 9 }).map((index): PathStep => {
    return { kind: 'element', at, index: { kind: 'number', at, text: String(index) } };
  }),
);
const path: fc.Arbitrary<ExpressionNode> = fc.oneof(
  identifier,
  fc
    .tuple(identifier, fc.array(step, { minLength: 1, maxLength: 3 }))
    .map(([root, steps]): ExpressionNode => ({ kind: 'path', at: undefined, root, steps })),
);
const scalar: fc.Arbitrary<ExpressionNode> = fc.oneof(
  fc.constantFrom('', "it's", '--', 'é🙂').map((text): ExpressionNode => ({ kind: 'string', at, text })),
  fc.constantFrom('0', '-1', '1.50', '2e3', '.5').map((text): ExpressionNode => ({ kind: 'number', at, text })),
  fc.boolean().map((value): ExpressionNode => ({ kind: 'boolean', at, value })),
  fc.constant<ExpressionNode>({ kind: 'null', at }),
  // Parameters are numbered by the parser.
  fc.constant<ExpressionNode>({ kind: 'parameter', at, index: 0 }),
);

const OPERATORS: readonly BinaryOperator[] = [
  'and',
  'or',
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '||',
  'like',
];

const { expression } = fc.letrec<{ expression: ExpressionNode }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    path,
    fc
      .record({ operator: fc.constantFrom(...OPERATORS), left: tie('expression'), right: tie('expression') })
      .map((node): ExpressionNode => ({ kind: 'binary', at, ...node })),
    fc
      .tuple(tie('expression'), fc.array(tie('expression'), { minLength: 1, maxLength: 3 }))
      .map(([left, elements]): ExpressionNode => {
        return { kind: 'binary', at, operator: 'in', left, right: { kind: 'list', at, elements } };
      }),
    tie('expression').map((operand): ExpressionNode => ({ kind: 'not', at, operand })),
    fc
      .record({ operand: tie('expression'), lower: tie('expression'), upper: tie('expression') })
      .map((node): ExpressionNode => ({ kind: 'between', at, ...node })),
    fc
      .record({ operand: tie('expression'), type: fc.constantFrom('NULL', 'MISSING', 'STRING', 'LIST') })
      .map((node): ExpressionNode => ({ kind: 'isType', at, ...node })),
    fc
      .record({ name: fc.constantFrom('size', 'foo'), operands: fc.array(tie('expression'), { maxLength: 3 }) })
      .map((node): ExpressionNode => ({ kind: 'call', at, ...node })),
    fc
      .record({ kind: fc.constantFrom('list', 'bag'), elements: fc.array(tie('expression'), { maxLength: 3 }) })
      .map((node): ExpressionNode => ({ at, ...node })),
    fc
      .array(fc.record({ key: tie('expression'), value: tie('expression') }), { maxLength: 2 })
      .map((members): ExpressionNode => ({ kind: 'struct', at, members })),
  ),
}));

const from = path.map((source) => ({ source, hasAlias: false, isJoin: false }));
const where = fc.option(expression, { nil: undefined });
const returning = fc.option(
  fc
    .constantFrom<ReturnedPart>('ALL OLD', 'ALL NEW', 'MODIFIED OLD', 'MODIFIED NEW')
    .map((part) => ({ elements: [{ part, isAll: true }] })),
  { nil: undefined },
);
const columns = fc.array(
  path.map((node) => ({ expression: node, hasAlias: false })),
  { minLength: 1, maxLength: 3 },
);
const actions: fc.Arbitrary<readonly UpdateActionNode[]> = fc.array(
  fc.oneof(
    path.map((node): UpdateActionNode => ({ kind: 'remove', path: node })),
    fc.record({ path, value: expression }).map((node): UpdateActionNode => ({ kind: 'set', ...node })),
  ),
  { minLength: 1, maxLength: 3 },
);

const statement: fc.Arbitrary<StatementNode> = fc.oneof(
  fc
    .record({
      projection: fc.oneof(
        fc.constant({ kind: 'all' } as const),
        columns.map((list) => ({ kind: 'columns', columns: list }) as const),
      ),
      isDistinct: fc.boolean(),
      from,
      where,
      orderBy: fc.array(fc.record({ expression: path, isDescending: fc.boolean() }), { maxLength: 2 }),
    })
    .map((node): StatementNode => ({ kind: 'select', unsupportedClause: undefined, ...node })),
  fc
    .record({ into: path, value: expression })
    .map(
      (node): StatementNode => ({ kind: 'insert', at, hasValueKeyword: true, unsupportedClause: undefined, ...node }),
    ),
  fc.record({ from, actions, where, returning }).map((node): StatementNode => ({ kind: 'update', ...node })),
  fc.record({ from, where, returning }).map((node): StatementNode => ({ kind: 'delete', ...node })),
);

function comparable(node: StatementNode): unknown {
  const text = JSON.stringify(withoutPlaces(node)).replaceAll(/"kind":"parameter","index":\d+/g, '"kind":"parameter"');
  return JSON.parse(text);
}

describe('statements', () => {
  it('parse to the tree that they were printed from', () => {
    fc.assert(
      fc.property(statement, (node) => {
        assert.deepEqual(comparable(parse(printStatement(node))), comparable(node));
      }),
    );
  });

  it('of any tokens either parse or are refused', () => {
    const words = [
      ...'select from where insert into value update set remove delete and or not in is between like order by'.split(
        ' ',
      ),
      ...'null missing true returning all old as limit exists case when then end cast union'.split(' '),
      ...[
        'a',
        '"b"',
        "'c'",
        '1',
        '?',
        '*',
        '.',
        ',',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        ':',
        '<<',
        '>>',
        '=',
        '-',
        ';',
        '`1`',
      ],
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), (tokens) => {
        try {
          parse(tokens.join(' '));
        } catch (error) {
          assert.ok(error instanceof DynamoError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('reads by key', () => {
  let fixture: StatementFixture;

  before(async () => {
    fixture = await StatementFixture.open();
    for (const pk of ['a', 'b', 'c']) {
      for (const sk of ['1', '2', '3', '4']) {
        await fixture.put('two', { pk: S(pk), sk: S(sk), v: N(sk), w: S(pk) });
      }
    }
  });
  after(() => fixture.close());

  const hash = fc.constantFrom("'a'", "'b'", "'c'", "'x'");
  const range = fc.constantFrom("'1'", "'2'", "'3'", "'4'");
  const comparator = fc.constantFrom('=', '<', '<=', '>', '>=', '<>');
  const hashTest = fc.oneof(
    hash.map((value) => `pk = ${value}`),
    fc.tuple(hash, hash).map(([a, b]) => `pk IN [${a}, ${b}]`),
    fc.tuple(hash, hash).map(([a, b]) => `(pk = ${a} OR ${b} = pk)`),
  );
  const rangeTest = fc.oneof(
    fc.tuple(comparator, range).map(([operator, value]) => `sk ${operator} ${value}`),
    fc.tuple(comparator, range).map(([operator, value]) => `${value} ${operator} sk`),
    fc.tuple(range, range).map(([a, b]) => `sk IN [${a}, ${b}]`),
    range.map((value) => `begins_with(sk, ${value})`),
    range.map((value) => `sk BETWEEN '1' AND ${value}`),
  );
  const otherTest = fc.constantFrom('v > 2', 'attribute_exists(v)', "w = 'b'", "pk > 'a'", "begins_with(pk, 'c')");
  const { anything } = fc.letrec<{ anything: string }>((tie) => ({
    anything: fc.oneof(
      { depthSize: 'small' },
      hashTest,
      rangeTest,
      otherTest,
      fc
        .tuple(tie('anything'), fc.constantFrom('AND', 'OR'), tie('anything'))
        .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
      tie('anything').map((inner) => `NOT (${inner})`),
    ),
  }));
  const condition = fc.oneof(
    anything,
    hashTest,
    fc.tuple(hashTest, fc.oneof(rangeTest, rangeTest, otherTest, anything)).map(([a, b]) => `${a} AND (${b})`),
  );

  const keysOf = (items: unknown): readonly string[] =>
    (items as { pk: { S: string }; sk: { S: string } }[]).map(({ pk, sk }) => pk.S + sk.S);

  it('find what a look at every item finds', async () => {
    await fc.assert(
      fc.asyncProperty(condition, async (where) => {
        const everything = await fixture.items(`SELECT * FROM two WHERE NOT (NOT (${where}))`);
        let found: unknown;
        try {
          found = await fixture.items(`SELECT * FROM two WHERE ${where}`);
        } catch (error) {
          assert.match(String(error), /Overlapping conditions/);
          return;
        }
        assert.deepEqual([...keysOf(found)].sort(), [...keysOf(everything)].sort());
      }),
      { numRuns: 1500 },
    );
  });

  it('give the same items in pages of any size', async () => {
    const sizes = fc.integer({ min: 1, max: 5 });
    const ordering = fc.constantFrom('', ' ORDER BY pk DESC', ' ORDER BY pk, sk', ' ORDER BY pk DESC, sk DESC');
    await fc.assert(
      fc.asyncProperty(condition, ordering, sizes, async (where, orderBy, Limit) => {
        const text = `SELECT * FROM two WHERE ${where}${orderBy}`;
        let whole: unknown;
        try {
          whole = await fixture.items(text);
        } catch (error) {
          assert.match(String(error), /Overlapping conditions|hash key condition/);
          return;
        }
        const paged: string[] = [];
        let next: unknown;
        do {
          const more = next === undefined ? { Limit } : { Limit, NextToken: next };
          const page = await fixture.run(text, undefined, more);
          assert.ok(keysOf(page.Items).length <= Limit);
          paged.push(...keysOf(page.Items));
          next = page.NextToken;
        } while (next !== undefined);
        assert.deepEqual(paged, keysOf(whole));
      }),
      { numRuns: 200 },
    );
  });
});
