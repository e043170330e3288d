import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { variablesFor } from '../testing/variables-for.js';
import { desiredResources } from './desired-resources.js';
import { encodeJson } from './encode-json.js';
import { refuseUnsupported } from './refuse-unsupported.js';

describe('the desired resources', () => {
  test('a table alone; capacity only when it is provisioned', () => {
    const [table, ...others] = desiredResources(variablesFor({}));
    assert.equal(table?.address, 'aws_dynamodb_table.this');
    assert.equal(others.length, 0);
    assert.equal(table?.attributes.read_capacity, null);
    assert.deepEqual(table?.attributes.tags, { Name: 'users-table' });
    assert.deepEqual(table?.attributes.ttl, [{ enabled: false, attribute_name: '' }]);
  });

  test("an index without capacity of its own takes the table's", () => {
    const index = {
      name: 'gsi',
      hash_key: 'a',
      range_key: null,
      projection_type: 'ALL',
      non_key_attributes: null,
    };
    const global_secondary_indexes = [{ ...index, read_capacity: 9, write_capacity: null, on_demand_throughput: null }];
    const [table] = desiredResources(variablesFor({ billing_mode: 'PROVISIONED', global_secondary_indexes }));
    assert.deepEqual(table?.attributes.global_secondary_index, [{ ...index, read_capacity: 9, write_capacity: 5 }]);
  });

  test('items as instances by key, their JSON as jsonencode() writes it', () => {
    const terraform_managed_items = { b: { userId: { S: '2' } }, 'a "x"': { userId: { S: '<1>' } } };
    const [, first, second] = desiredResources(variablesFor({ use_terraform_items: true, terraform_managed_items }));
    assert.equal(first?.address, 'aws_dynamodb_table_item.static_items["a \\"x\\""]');
    assert.equal(first?.attributes.item, '{"userId":{"S":"\\u003c1\\u003e"}}');
    assert.equal(second?.index, 'b');
    assert.deepEqual(second?.dependsOn, ['aws_dynamodb_table.this']);
    assert.equal(desiredResources(variablesFor({ terraform_managed_items })).length, 1);
  });

  test('jsonencode sorts keys at every depth and escapes what Go escapes', () => {
    assert.equal(encodeJson({ b: 1, a: { d: '&\u2028', c: [null] } }), '{"a":{"c":[null],"d":"\\u0026\\u2028"},"b":1}');
  });
});

describe('what cannot be deployed yet', () => {
  test('is refused by name, with the variable that asks for it', () => {
    const values = variablesFor({ enable_autoscaling: true, create_manual_backup: true, populate_initial_data: true });
    assert.throws(
      () => refuseUnsupported(values),
      (error: Error) => {
        assert.match(error.message, /enable_autoscaling asks for aws_appautoscaling_target\.table_read, /);
        assert.match(error.message, /create_manual_backup asks for terraform_data\.manual_backup/);
        assert.match(error.message, /populate_initial_data asks for terraform_data\.initial_data/);
        return true;
      },
    );
  });

  test('does not stand in the way of a target that leaves it out', () => {
    const values = variablesFor({ create_read_only_policy: true });
    refuseUnsupported(values, ['aws_dynamodb_table.this']);
    assert.throws(() => refuseUnsupported(values, ['aws_iam_policy.dynamodb_read_only']), /create_read_only_policy/);
  });
});
