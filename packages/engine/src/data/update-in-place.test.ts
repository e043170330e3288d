import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import type { UpdateActionNode } from '../expression/ast.js';
import {
  condition,
  deepActions,
  deepItem,
  fewActions,
  item,
  operandValue,
} from '../expression/expression-arbitraries.js';
import { compileCondition, compileUpdate, Substitutions, type Update } from '../expression/index.js';
import { printCondition, printUpdate } from '../expression/print.js';
import { type AttributeMap, itemSizeBytes } from '../value/index.js';
import { index, table } from './data-fixture.js';
import { AttributeNames } from './pick-json.js';
import { StoredItem } from './stored-item.js';
import { type TableLayout, tableLayout } from './table-layout.js';
import { applyUpdate } from './update-item.js';

const PLAIN = tableLayout(table('t', 'pk'));
const INDEXED = tableLayout(table('t', 'pk', [index('GSI', 'i', 'b')]));
const Key = { pk: { S: 'k' } };

/** Comes to the same, but does not say what it looks at. */
function secretive(update: Update): Update {
  return {
    onlyTakesAway: update.onlyTakesAway,
    apply: (attributes) => update.apply(attributes),
    attributes: () => undefined,
    topLevelAttributes: () => update.topLevelAttributes(),
    nestedAttributes: () => update.nestedAttributes(),
    assignedTypes: () => update.assignedTypes(),
  };
}

function outcome(layout: TableLayout, update: Update, base: StoredItem): string {
  try {
    const { after, paths } = applyUpdate(layout, {}, update, base);
    return JSON.stringify([after.json, after.sizeBytes, paths]);
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'ValidationException', String(error));
    return error.message;
  }
}

function assertSameInPlace(
  layout: TableLayout,
  actions: fc.Arbitrary<readonly UpdateActionNode[]>,
  items: fc.Arbitrary<AttributeMap>,
): void {
  const seen = { applied: 0, refused: 0 };
  fc.assert(
    fc.property(actions, items, operandValue, operandValue, (nodes, attributes, v, w) => {
      const text = printUpdate({ kind: 'update', actions: nodes });
      let update: Update;
      try {
        update = compileUpdate(text, new Substitutions({ '#p': 'a' }, { ':v': v, ':w': w }));
      } catch {
        // Refused whatever the item.
        return;
      }
      const { bytes } = StoredItem.of({ ...Key, ...attributes }, itemSizeBytes({ ...Key, ...attributes }));
      const result = outcome(layout, update, new StoredItem(bytes));
      assert.equal(result, outcome(layout, secretive(update), new StoredItem(bytes)), text);
      seen[result.startsWith('[') ? 'applied' : 'refused']++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(seen.applied > 100 && seen.refused > 100, JSON.stringify(seen));
}

test('updates in the bytes of an item come to what they come to in all of it', () => {
  assertSameInPlace(INDEXED, fewActions, item);
});

test('updates within lists and maps do, too', () => {
  assertSameInPlace(PLAIN, deepActions, deepItem);
});

test('conditions need no more than the attributes that they name', () => {
  fc.assert(
    fc.property(condition, item, operandValue, operandValue, (node, attributes, v, w) => {
      const text = printCondition(node);
      let compiled: ReturnType<typeof compileCondition>;
      try {
        compiled = compileCondition(
          'ConditionExpression',
          text,
          new Substitutions({ '#p': 'a' }, { ':v': v, ':w': w }),
        );
      } catch {
        return;
      }
      const stored = new StoredItem(StoredItem.encode({ ...Key, ...attributes }, 1));
      const named = stored.attributes(new AttributeNames([...compiled.attributes()]));
      assert.equal(compiled.evaluate(named), compiled.evaluate(stored.item), text);
    }),
    { numRuns: 3000 },
  );
});
