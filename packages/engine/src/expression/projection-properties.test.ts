import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import type { PathNode } from './ast.js';
import { deepItem, deepPath, path } from './expression-arbitraries.js';
import { compileProjection, Substitutions } from './index.js';
import { printProjection } from './print.js';

type Steps = readonly (string | number)[];

/** Every value without parts of its own, and where it lies. */
function leaves(value: AttributeValue, at: Steps): (readonly [Steps, AttributeValue])[] {
  const parts: [string | number, AttributeValue][] =
    'M' in value ? Object.entries(value.M) : 'L' in value ? value.L.map((part, index) => [index, part]) : [];
  return parts.length === 0 ? [[at, value]] : parts.flatMap(([step, part]) => leaves(part, [...at, step]));
}

/** An item of leaves alone; lists have holes where elements are left out. */
function grown(found: readonly (readonly [Steps, AttributeValue])[]): unknown {
  const root: Record<string | number, unknown> = {};
  for (const [steps, value] of found) {
    let place = root;
    for (const [index, step] of steps.entries()) {
      if (index === steps.length - 1) {
        place[step] = value;
        break;
      }
      const kind = typeof steps[index + 1] === 'number' ? 'L' : 'M';
      place[step] ??= { [kind]: kind === 'L' ? [] : {} };
      place = (place[step] as Record<string, Record<string | number, unknown>>)[kind] ?? {};
    }
  }
  return closedUp(root);
}

function closedUp(value: unknown): unknown {
  if (Array.isArray(value)) return Object.values(value).map(closedUp);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closedUp(member)]));
}

function stepsOf({ elements }: PathNode): Steps {
  return elements.map((step) => (step.kind === 'index' ? step.index : step.kind === 'name' ? step.name : 'a'));
}

function begins(steps: Steps, beginning: Steps): boolean {
  return beginning.every((step, index) => step === steps[index]);
}

test('a projection keeps the leaves under its paths, and nothing else', () => {
  let compared = 0;
  fc.assert(
    fc.property(fc.array(fc.oneof(deepPath, path), { minLength: 1, maxLength: 4 }), deepItem, (paths, attributes) => {
      const text = printProjection({ kind: 'projection', paths });
      let projected: AttributeMap;
      try {
        projected = compileProjection(text, new Substitutions({ '#p': 'a' }, null)).project(attributes);
      } catch (error) {
        // Paths that overlap or conflict.
        assert.ok(error instanceof Error && error.name === 'ValidationException', String(error));
        return;
      }
      compared++;
      const wanted = paths.map(stepsOf);
      const kept = leaves({ M: attributes }, []).filter(([at]) =>
        wanted.some((steps) => at.length > 0 && begins(at, steps)),
      );
      assert.deepEqual(projected, grown(kept), text);
    }),
    { numRuns: 1500 },
  );
  assert.ok(compared > 300, `only ${compared} projections were compared`);
});
