import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import type { ConditionNode, FunctionNode, OperandNode } from './ast.js';
import { actions, attribute, condition, item, path } from './expression-arbitraries.js';
import { compileCondition, compileProjection, Substitutions } from './index.js';
import { parseCondition, parseProjection, parseUpdate } from './parse.js';
import { printCondition, printProjection, printUpdate } from './print.js';

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

test('values are equal when they look alike in one form, sets and maps in any order', () => {
  fc.assert(
    fc.property(attribute, attribute, (a, b) => {
      const equal = compileCondition('ConditionExpression', 'a = :b', new Substitutions(null, { ':b': b }));
      assert.equal(equal.evaluate({ a }), canonical(a) === canonical(b));
    }),
    { numRuns: 5000 },
  );
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
