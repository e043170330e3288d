import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import type { FunctionNode, OperandNode, PathNode, SetValueNode, UpdateActionNode } from './ast.js';
import { deepActions, deepItem, fewActions, item, operandValue } from './expression-arbitraries.js';
import { compileUpdate, Substitutions } from './index.js';
import { printUpdate } from './print.js';

/** An update that cannot be applied to the item. */
class Refused extends Error {}

type Steps = readonly (string | number)[];
type Container = Record<string | number, AttributeValue>;

/**
 * A second evaluator, over plain JavaScript values and written without regard to the first: every action changes a copy,
 * in which lists may have holes until the end.
 */
class NaiveUpdate {
  readonly #result: AttributeMap;

  constructor(
    private readonly item: AttributeMap,
    private readonly values: AttributeMap,
  ) {
    this.#result = structuredClone(item);
  }

  apply(nodes: readonly UpdateActionNode[]): AttributeMap {
    const changes = nodes.map((node) => [stepsOf(node.path), this.#change(node)] as const);
    for (const [steps, value] of changes) this.#place(steps, value);
    return closedUp({ M: this.#result }).M as AttributeMap;
  }

  /** What is to be at the action's path; undefined for nothing. */
  #change(node: UpdateActionNode): AttributeValue | undefined {
    const steps = stepsOf(node.path);
    this.#assertReachable(steps);
    if (node.kind === 'remove') return undefined;
    if (node.kind === 'set') return this.#operand(node.value);
    const operand = this.values[node.value.placeholder];
    const current = at(this.item, steps);
    assert.ok(operand !== undefined);
    return node.kind === 'add' ? added(current, operand) : without(current, operand);
  }

  /** All but the last step must lead to a map for a name, to a list for an index. */
  #assertReachable(steps: Steps): void {
    const parent = steps.length === 1 ? { M: this.item } : at(this.item, steps.slice(0, -1));
    const kind = typeof steps.at(-1) === 'number' ? 'L' : 'M';
    if (parent === undefined || !(kind in parent)) throw new Refused();
  }

  #operand(node: SetValueNode): AttributeValue {
    if (node.kind === 'arithmetic') {
      const [left, right] = [number(this.#operand(node.left)), number(this.#operand(node.right))];
      return { N: String((node.operator === '+' ? left + right : left - right) || 0) };
    }
    if (node.kind === 'function') return this.#call(node);
    const value = node.kind === 'value' ? this.values[node.placeholder] : at(this.item, stepsOf(node));
    if (value === undefined) throw new Refused();
    return value;
  }

  #call({ name, operands }: FunctionNode): AttributeValue {
    const [first, second] = operands;
    assert.ok(first !== undefined && second !== undefined);
    if (name === 'list_append') return { L: [...list(this.#operand(first)), ...list(this.#operand(second))] };
    const otherwise = this.#operand(second);
    return this.#found(first) ?? otherwise;
  }

  #found(node: OperandNode): AttributeValue | undefined {
    return node.kind === 'path' ? at(this.item, stepsOf(node)) : this.#operand(node);
  }

  #place(steps: Steps, value: AttributeValue | undefined): void {
    const last = steps.at(-1) ?? '';
    let container = this.#result as Container;
    for (const step of steps.slice(0, -1)) container = insideOf(container[step]);
    if (value === undefined) delete container[last];
    else container[last] = structuredClone(value);
  }
}

function stepsOf({ elements }: PathNode): Steps {
  return elements.map((step) => (step.kind === 'index' ? step.index : step.kind === 'name' ? step.name : 'a'));
}

function insideOf(value: AttributeValue | undefined): Container {
  assert.ok(value !== undefined);
  return ('M' in value ? value.M : 'L' in value ? value.L : {}) as Container;
}

function at(map: AttributeMap, steps: Steps): AttributeValue | undefined {
  const [step, ...rest] = steps;
  const value = step === undefined ? undefined : map[step];
  return rest.length === 0 ? value : inside(value, rest);
}

function inside(value: AttributeValue | undefined, steps: Steps): AttributeValue | undefined {
  const [step, ...rest] = steps;
  if (value === undefined || step === undefined) return value;
  if (typeof step === 'number') return 'L' in value ? inside(value.L[step], rest) : undefined;
  return 'M' in value ? inside(value.M[step], rest) : undefined;
}

function number(value: AttributeValue): number {
  if (!('N' in value)) throw new Refused();
  return Number(value.N);
}

function list(value: AttributeValue): readonly AttributeValue[] {
  if (!('L' in value)) throw new Refused();
  return value.L;
}

function added(current: AttributeValue | undefined, operand: AttributeValue): AttributeValue {
  if (current === undefined) return operand;
  if ('N' in current && 'N' in operand) return { N: String(Number(current.N) + Number(operand.N) || 0) };
  if ('SS' in current && 'SS' in operand) return { SS: [...new Set([...current.SS, ...operand.SS])] };
  if ('NS' in current && 'NS' in operand) return { NS: [...new Set([...current.NS, ...operand.NS])] };
  throw new Refused();
}

function without(current: AttributeValue | undefined, operand: AttributeValue): AttributeValue | undefined {
  if (current === undefined) return undefined;
  const left = (members: readonly string[], gone: readonly string[]) => members.filter((one) => !gone.includes(one));
  if ('SS' in current && 'SS' in operand) {
    const SS = left(current.SS, operand.SS);
    return SS.length === 0 ? undefined : { SS };
  }
  if ('NS' in current && 'NS' in operand) {
    const NS = left(current.NS, operand.NS);
    return NS.length === 0 ? undefined : { NS };
  }
  throw new Refused();
}

/** Lists without holes (which `filter` leaves out), sets in order. */
function closedUp(value: AttributeValue): Record<string, unknown> {
  if ('L' in value) return { L: value.L.filter(() => true).map(closedUp) };
  if ('SS' in value) return { SS: [...value.SS].sort() };
  if ('NS' in value) return { NS: [...value.NS].sort() };
  if (!('M' in value)) return value;
  return { M: Object.fromEntries(Object.entries(value.M).map(([name, member]) => [name, closedUp(member)])) };
}

function assertSameAsNaive(
  nodesOf: fc.Arbitrary<readonly UpdateActionNode[]>,
  items: fc.Arbitrary<AttributeMap>,
): void {
  const seen = { applied: 0, refused: 0 };
  fc.assert(
    fc.property(nodesOf, items, operandValue, operandValue, (nodes, attributes, v, w) => {
      const values = { ':v': v, ':w': w };
      const text = printUpdate({ kind: 'update', actions: nodes });
      let update: ReturnType<typeof compileUpdate>;
      try {
        update = compileUpdate(text, new Substitutions({ '#p': 'a' }, values));
      } catch (error) {
        // Refused whatever the item: paths that overlap, operands of wrong types.
        assert.ok(error instanceof Error && error.name === 'ValidationException', String(error));
        return;
      }
      const before = structuredClone(attributes);
      let expected: AttributeMap | undefined;
      try {
        expected = new NaiveUpdate(attributes, values).apply(nodes);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
      if (expected === undefined) {
        seen.refused++;
        assert.throws(() => update.apply(attributes), { name: 'ValidationException' }, text);
        return;
      }
      seen.applied++;
      assert.deepEqual(closedUp({ M: update.apply(attributes).item }).M, expected, text);
      assert.deepEqual(attributes, before, 'the item given has changed');
    }),
    { numRuns: 5000 },
  );
  assert.ok(seen.applied > 200 && seen.refused > 200, JSON.stringify(seen));
}

test('updates come to what a second, naive evaluator has them come to', () => {
  assertSameAsNaive(fewActions, item);
});

test('updates within lists and maps do, too', () => {
  assertSameAsNaive(deepActions, deepItem);
});
