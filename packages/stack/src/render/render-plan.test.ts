import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SeededRandom } from '@tablewright/testkit';
import type { Change, OutputChange, Plan, ResourceChange } from '../plan/plan.js';
import { emptyState } from '../state/edit-state.js';
import { renderPlan } from './render-plan.js';

const ESCAPE = '\u001b';

function change(change: Change, more: Partial<ResourceChange> = {}): ResourceChange {
  const [type, name] = ['aws_dynamodb_table', 'this'];
  const common = { mode: 'managed' as const, type, name, provider_name: 'p', depends_on: [] };
  return { address: `${type}.${name}`, ...common, change, ...more };
}

function planOf(resource_changes: readonly ResourceChange[], output_changes: Record<string, OutputChange> = {}): Plan {
  return {
    format_version: '1.2',
    mode: 'apply',
    variables: {},
    resource_drift: [],
    resource_changes,
    output_changes,
    applyable: true,
    prior_state: emptyState(new SeededRandom(1)),
    targets: [],
  };
}

/** From the first resource on, as Terraform 1.11.4 prints the same change. */
function body(plan: Plan): string {
  return renderPlan(plan).split('will be performed:\n\n')[1] ?? '';
}

describe('a rendered plan', () => {
  test('creation: what AWS decides is "known after apply", what is not set is left out', () => {
    const after = { name: 't', range_key: null, tags: { A: 'b' }, ttl: [{ attribute_name: '', enabled: false }] };
    const plan = planOf([change({ actions: ['create'], before: null, after, after_unknown: { arn: true, id: true } })]);
    assert.equal(
      body(plan),
      `  # aws_dynamodb_table.this will be created
  + resource "aws_dynamodb_table" "this" {
      + arn  = (known after apply)
      + id   = (known after apply)
      + name = "t"
      + tags = {
          + "A" = "b"
        }

      + ttl {
          + enabled        = false
            # (1 unchanged attribute hidden)
        }
    }

Plan: 1 to add, 0 to change, 0 to destroy.`,
    );
  });

  test('change: unchanged attributes and blocks are counted, elements of a set come and go', () => {
    const before = {
      arn: 'arn:x',
      id: 't',
      name: 't',
      read_capacity: 5,
      attribute: [
        { name: 'a', type: 'S' },
        { name: 'b', type: 'S' },
      ],
      ttl: [{ attribute_name: 'ttl', enabled: true }],
    };
    const after = {
      ...before,
      read_capacity: 6,
      attribute: [
        { name: 'a', type: 'S' },
        { name: 'c', type: 'N' },
      ],
      ttl: [{ attribute_name: '', enabled: false }],
    };
    assert.equal(
      body(planOf([change({ actions: ['update'], before, after, after_unknown: {} })])),
      `  # aws_dynamodb_table.this will be updated in-place
  ~ resource "aws_dynamodb_table" "this" {
        id            = "t"
        name          = "t"
      ~ read_capacity = 5 -> 6
        # (1 unchanged attribute hidden)

      - attribute {
          - name = "b" -> null
          - type = "S" -> null
        }
      + attribute {
          + name = "c"
          + type = "N"
        }

      ~ ttl {
          - attribute_name = "ttl" -> null
          ~ enabled        = true -> false
        }

        # (1 unchanged block hidden)
    }

Plan: 0 to add, 1 to change, 0 to destroy.`,
    );
  });

  test('replacement names the attribute that forces it, and counts as one added and one destroyed', () => {
    const text = renderPlan(
      planOf([
        change({
          actions: ['delete', 'create'],
          before: { hash_key: 'a', id: 't' },
          after: { hash_key: 'b' },
          after_unknown: { id: true },
          replace_paths: [['hash_key']],
        }),
      ]),
    );
    assert.match(text, /# aws_dynamodb_table\.this must be replaced\n-\/\+ resource/);
    assert.match(text, / {6}~ hash_key = "a" -> "b" # forces replacement\n {6}~ id {7}= "t" -> \(known after apply\)/);
    assert.match(text, /Plan: 1 to add, 0 to change, 1 to destroy\.$/);
  });

  test('a changed item is shown inside jsonencode()', () => {
    const before = { id: 'i', item: '{"a":{"S":"1"},"b":{"N":"2"}}' };
    const after = { id: 'i', item: '{"a":{"S":"1"},"b":{"N":"3"}}' };
    assert.match(
      renderPlan(planOf([change({ actions: ['update'], before, after, after_unknown: {} })])),
      / {6}~ item = jsonencode\(\n {10}~ \{\n {14}~ b = \{\n {18}~ N = "2" -> "3"\n {16}\}\n {16}# \(1 unchanged attribute hidden\)\n {12}\}\n {8}\)/,
    );
  });

  test('a deleted instance says why it goes', () => {
    const text = renderPlan(
      planOf([
        change(
          { actions: ['delete'], before: { id: 'i' }, after: null, after_unknown: {} },
          { address: 'x.y["k"]', index: 'k', action_reason: 'delete_because_each_key' },
        ),
      ]),
    );
    assert.match(text, /# x\.y\["k"\] will be destroyed\n {2}# \(because key \["k"\] is not in for_each map\)/);
  });

  test('outputs alone, and nothing at all', () => {
    const output: OutputChange = { actions: ['create'], before: null, after: 'x', after_unknown: false };
    assert.match(renderPlan(planOf([], { a: output })), /^Changes to Outputs:\n {2}\+ a = "x"\n\nOnly output values/);
    const same = change({ actions: ['no-op'], before: {}, after: {}, after_unknown: {} });
    assert.equal(renderPlan(planOf([same])), 'No changes. Your infrastructure matches the configuration.');
  });

  test('what changed outside comes first', () => {
    const drift = change({ actions: ['delete'], before: { id: 't' }, after: null, after_unknown: {} });
    const text = renderPlan({ ...planOf([]), resource_drift: [drift] });
    assert.match(text, /^Changed outside since the last apply:\n {2}# aws_dynamodb_table\.this has been deleted\n\nNo/);
  });

  test('colours only on request, and the same text without them', () => {
    const plan = planOf([change({ actions: ['create'], before: null, after: { name: 't' }, after_unknown: {} })]);
    const colored = renderPlan(plan, { color: true });
    assert.ok(colored.includes(`${ESCAPE}[32m`));
    const plain = colored.split(ESCAPE).map((part, at) => (at === 0 ? part : part.replace(/^\[\d+m/, '')));
    assert.equal(plain.join(''), renderPlan(plan));
  });
});
