import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import type {
  ConditionNode,
  FunctionNode,
  OperandNode,
  PathElement,
  PathNode,
  SetValueNode,
  UpdateActionNode,
  ValueNode,
} from './ast.js';
import { compileCondition, compileProjection, Substitutions } from './index.js';
import { parseCondition, parseProjection, parseUpdate } from './parse.js';
import { printCondition, printProjection, printUpdate } from './print.js';

/** Generators of trees that the parser can produce, over few names so that paths meet attributes. */
const name = fc.constantFrom('a', 'b', 'x', 'y_1');
const element: fc.Arbitrary<PathElement> = fc.oneof(
  name.map((text): PathElement => ({ kind: 'name', name: text })),
  fc.constant<PathElement>({ kind: 'namePlaceholder', placeholder: '#p' }),
  fc.nat({ max: 3 }).map((index): PathElement => ({ kind: 'index', index })),
);
const path: fc.Arbitrary<PathNode> = fc
  .tuple(name, fc.array(element, { maxLength: 2 }))
  .map(([first, rest]) => ({ kind: 'path', elements: [{ kind: 'name', name: first }, ...rest] }));
const value: fc.Arbitrary<ValueNode> = fc
  .constantFrom(':v', ':w')
  .map((placeholder) => ({ kind: 'value', placeholder }));

function call(functionName: string, ...operands: readonly OperandNode[]): FunctionNode {
  return { kind: 'function', name: functionName, operands };
}

const operand: fc.Arbitrary<OperandNode> = fc.oneof(
  { weight: 4, arbitrary: path },
  { weight: 3, arbitrary: value },
  { weight: 1, arbitrary: path.map((node) => call('size', node)) },
);

const { condition } = fc.letrec<{ condition: ConditionNode }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    fc
      .record({ comparator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='), left: operand, right: operand })
      .map((node): ConditionNode => ({ kind: 'comparison', ...node })),
    path.map((node) => call('attribute_exists', node)),
    path.map((node) => call('attribute_not_exists', node)),
    fc.tuple(operand, operand).map((operands) => call('contains', ...operands)),
    fc.tuple(path, operand).map((operands) => call('begins_with', ...operands)),
    fc.tuple(path, value).map((operands) => call('attribute_type', ...operands)),
    fc.record({ operand, lower: operand, upper: operand }).map((node): ConditionNode => ({ kind: 'between', ...node })),
    fc
      .record({ operand, candidates: fc.array(operand, { minLength: 1, maxLength: 3 }) })
      .map((node): ConditionNode => ({ kind: 'in', ...node })),
    tie('condition').map((inner): ConditionNode => ({ kind: 'not', condition: inner })),
    fc
      .record({ kind: fc.constantFrom('and', 'or'), left: tie('condition'), right: tie('condition') })
      .map((node): ConditionNode => ({ ...node })),
  ),
}));

const setOperand: fc.Arbitrary<OperandNode> = fc.oneof(
  path,
  value,
  fc.tuple(path, fc.oneof(path, value)).map((operands) => call('if_not_exists', ...operands)),
);
const setValue: fc.Arbitrary<SetValueNode> = fc.oneof(
  setOperand,
  fc
    .record({ operator: fc.constantFrom('+', '-'), left: setOperand, right: setOperand })
    .map((node): SetValueNode => ({ kind: 'arithmetic', ...node })),
  fc.tuple(setOperand, setOperand).map((operands) => call('list_append', ...operands)),
);
const actions: fc.Arbitrary<readonly UpdateActionNode[]> = fc
  .tuple(
    fc.array(fc.record({ kind: fc.constant('set'), path, value: setValue })),
    fc.array(fc.record({ kind: fc.constant('remove'), path })),
    fc.array(fc.record({ kind: fc.constant('add'), path, value })),
    fc.array(fc.record({ kind: fc.constant('delete'), path, value })),
  )
  .map((sections): readonly UpdateActionNode[] => sections.flat().map((action) => ({ ...action })))
  .filter((nodes) => nodes.length > 0);

test('reading the text of a tree gives the tree', () => {
  fc.assert(
    fc.property(condition, (node) => {
      assert.deepEqual(parseCondition('ConditionExpression', printCondition(node)), node);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(actions, (nodes) => {
      assert.deepEqual(parseUpdate(printUpdate({ kind: 'update', actions: nodes })).actions, nodes);
    }),
  );
  fc.assert(
    fc.property(fc.array(path, { minLength: 1 }), (paths) => {
      assert.deepEqual(parseProjection(printProjection({ kind: 'projection', paths })).paths, paths);
    }),
  );
});

const { attribute } = fc.letrec<{ attribute: AttributeValue }>((tie) => ({
  attribute: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('', 'a', 'ab', 'N', 'é').map((S) => ({ S })),
    fc.constantFrom('0', '1', '2', '10', '-1.5').map((N) => ({ N })),
    fc.constantFrom('', 'AQ==', 'AQI=').map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.uniqueArray(fc.constantFrom('a', 'ab', 'é'), { minLength: 1 }).map((SS) => ({ SS })),
    fc.uniqueArray(fc.constantFrom('1', '2', '10'), { minLength: 1 }).map((NS) => ({ NS })),
    fc.array(tie('attribute'), { maxLength: 3 }).map((L) => ({ L })),
    fc.dictionary(name, tie('attribute'), { maxKeys: 3 }).map((M) => ({ M })),
  ),
}));
const item = fc.dictionary(name, attribute, { maxKeys: 4 });

/** A second evaluator, over plain JavaScript values and written without regard to the first. */
class NaiveEvaluator {
  constructor(
    private readonly item: AttributeMap,
    private readonly values: AttributeMap,
  ) {}

  holds(node: ConditionNode): boolean {
    switch (node.kind) {
      case 'and':
        return this.holds(node.left) && this.holds(node.right);
      case 'or':
        return this.holds(node.left) || this.holds(node.right);
      case 'not':
        return !this.holds(node.condition);
      case 'comparison':
        return this.compare(node.comparator, node.left, node.right);
      case 'between':
        return this.compare('>=', node.operand, node.lower) && this.compare('<=', node.operand, node.upper);
      case 'in':
        return node.candidates.some((candidate) => this.compare('=', node.operand, candidate));
      case 'function':
        return this.call(node);
    }
  }

  private call({ name: functionName, operands }: FunctionNode): boolean {
    const [a, b] = operands.map((node) => this.value(node));
    if (functionName === 'attribute_exists') return a !== undefined;
    if (functionName === 'attribute_not_exists') return a === undefined;
    if (a === undefined || b === undefined) return false;
    const [[typeA, contentA], [typeB, contentB]] = [typed(a), typed(b)];
    if (functionName === 'attribute_type') return typeA === contentB;
    const bothText = typeA === typeB && (typeA === 'S' || typeA === 'B');
    if (functionName === 'begins_with') return bothText && bytes(a).startsWith(bytes(b));
    if (bothText) return bytes(a).includes(bytes(b));
    if (typeA === 'SS' || typeA === 'NS')
      return typeA === `${typeB}S` && JSON.stringify(contentA).includes(`"${contentB}"`);
    return typeA === 'L' && Array.isArray(contentA) && contentA.some((member) => canonical(member) === canonical(b));
  }

  private compare(comparator: string, left: OperandNode, right: OperandNode): boolean {
    const [a, b] = [this.value(left), this.value(right)];
    const same = a !== undefined && b !== undefined && canonical(a) === canonical(b);
    if (comparator === '=' || comparator === '<>') return same === (comparator === '=');
    if (a === undefined || b === undefined || typed(a)[0] !== typed(b)[0]) return false;
    if (!['S', 'N', 'B'].includes(typed(a)[0])) return false;
    if (same) return comparator.endsWith('=');
    const less = 'N' in a && 'N' in b ? Number(a.N) < Number(b.N) : bytes(a) < bytes(b);
    return comparator.startsWith('<') === less;
  }

  private value(node: OperandNode): AttributeValue | undefined {
    if (node.kind === 'value') return this.values[node.placeholder];
    if (node.kind === 'function') {
      const [operandNode] = node.operands;
      return operandNode === undefined ? undefined : size(this.value(operandNode));
    }
    let current: AttributeValue | undefined = { M: this.item };
    for (const step of node.elements) {
      const key = step.kind === 'index' ? step.index : step.kind === 'name' ? step.name : 'a';
      current = stepInto(current, key);
    }
    return current;
  }
}

function stepInto(container: AttributeValue | undefined, key: string | number): AttributeValue | undefined {
  if (container === undefined) return undefined;
  if (typeof key === 'number') return 'L' in container ? container.L[key] : undefined;
  return 'M' in container ? container.M[key] : undefined;
}

function typed(value: AttributeValue): [string, unknown] {
  return Object.entries(value)[0] ?? ['', undefined];
}

/** The bytes as a string that orders and contains as they do. */
function bytes(value: AttributeValue): string {
  if ('B' in value) return Buffer.from(value.B, 'base64').toString('latin1');
  return 'S' in value ? Buffer.from(value.S).toString('latin1') : '';
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, content]) => {
    const isSet = key === 'SS' || key === 'NS';
    return `${key}:${isSet && Array.isArray(content) ? [...content].sort() : canonical(content)}`;
  });
  return `{${entries.sort()}}`;
}

function size(value: AttributeValue | undefined): AttributeValue | undefined {
  if (value === undefined) return undefined;
  const [type, content] = typed(value);
  if (type === 'B') return { N: String(bytes(value).length) };
  if (type === 'S' || Array.isArray(content)) return { N: String((content as string | readonly unknown[]).length) };
  return type === 'M' && typeof content === 'object' ? { N: String(Object.keys(content ?? {}).length) } : undefined;
}

test('conditions evaluate as a second, naive evaluator has it', () => {
  let compared = 0;
  fc.assert(
    fc.property(condition, item, attribute, attribute, (node, attributes, v, w) => {
      const values = { ':v': v, ':w': w };
      const text = printCondition(node);
      let evaluated: boolean;
      try {
        const substitutions = new Substitutions({ '#p': 'a' }, values);
        evaluated = compileCondition('ConditionExpression', text, substitutions).evaluate(attributes);
      } catch (error) {
        // Refused beforehand, for instance as its operands are of wrong types.
        assert.ok(error instanceof Error && error.name === 'ValidationException', String(error));
        return;
      }
      compared++;
      assert.equal(evaluated, new NaiveEvaluator(attributes, values).holds(node), text);
    }),
    { numRuns: 3000 },
  );
  assert.ok(compared > 500, `only ${compared} conditions were evaluated`);
});

test('a projected path leads to the value that it leads to in the item', () => {
  fc.assert(
    fc.property(path, item, (node, attributes) => {
      const text = printProjection({ kind: 'projection', paths: [node] });
      const projected = compileProjection(text, new Substitutions({ '#p': 'a' }, null)).project(attributes);
      const substitutions = new Substitutions({ '#p': 'a' }, null);
      const exists = compileCondition('ConditionExpression', `attribute_exists(${text})`, substitutions);
      assert.equal(Object.keys(projected).length, exists.evaluate(attributes) ? 1 : 0);
    }),
    { numRuns: 500 },
  );
});
