import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { desiredResources } from '../../desired/desired-resources.js';
import type { JsonObject } from '../../json-value.js';
import type { Variables } from '../../schema/variables.js';
import { variablesFor } from '../../testing/variables-for.js';
import { planTable } from './plan-table.js';
import { updateSteps } from './update-table.js';

const index = (name: string, changes: Partial<Variables['global_secondary_indexes'][number]> = {}) => ({
  name,
  hash_key: 'a',
  range_key: null,
  projection_type: 'ALL',
  non_key_attributes: null,
  read_capacity: null,
  write_capacity: null,
  on_demand_throughput: null,
  ...changes,
});
const KEYS = [
  { name: 'userId', type: 'S' },
  { name: 'a', type: 'S' },
];

function configured(changes: Partial<Variables>): JsonObject {
  return desiredResources(variablesFor(changes))[0]?.attributes ?? {};
}

/** The attributes after an apply of `changes`, with what AWS decides made up. */
function applied(changes: Partial<Variables>): JsonObject {
  const { after } = planTable(null, configured(changes));
  const isStreaming = changes.stream_enabled === true;
  const indexes = Array.isArray(after.global_secondary_index) ? after.global_secondary_index : [];
  return {
    ...after,
    arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/users-table',
    id: 'users-table',
    read_capacity: after.read_capacity ?? 0,
    write_capacity: after.write_capacity ?? 0,
    global_secondary_index: indexes.map((it: JsonObject) => ({
      ...it,
      read_capacity: it.read_capacity ?? 0,
      write_capacity: it.write_capacity ?? 0,
    })),
    point_in_time_recovery: [{ enabled: changes.point_in_time_recovery !== false, recovery_period_in_days: 35 }],
    server_side_encryption: changes.enable_encryption === false ? [] : [{ enabled: true, kms_key_arn: '' }],
    stream_arn: isStreaming ? 'arn:stream' : '',
    stream_label: isStreaming ? 'label' : '',
    stream_view_type: after.stream_view_type ?? '',
  };
}

function steps(from: Partial<Variables>, to: Partial<Variables>) {
  const prior = applied(from);
  const planned = planTable(prior, configured(to));
  assert.deepEqual(planned.replaceBecause, []);
  return updateSteps(prior, planned.after);
}

describe('the plan of a table', () => {
  const configurations: readonly Partial<Variables>[] = [
    {},
    { billing_mode: 'PROVISIONED', attributes: KEYS, global_secondary_indexes: [index('gsi')] },
    { attributes: KEYS, global_secondary_indexes: [index('gsi'), index('gsj')] },
    { stream_enabled: true, ttl_enabled: true, deletion_protection: true },
    { enable_encryption: false, point_in_time_recovery: false },
  ];
  for (const changes of configurations) {
    test(`changes nothing after an apply: ${JSON.stringify(changes).slice(0, 70)}`, () => {
      const prior = applied(changes);
      const planned = planTable(prior, configured(changes));
      assert.equal(planned.after, prior);
      assert.deepEqual(planned.afterUnknown, {});
    });
  }

  test('of a new table leaves to AWS what AWS decides', () => {
    const { afterUnknown } = planTable(null, configured({}));
    assert.deepEqual(Object.keys(afterUnknown).sort(), [
      'arn',
      'id',
      'point_in_time_recovery',
      'read_capacity',
      'server_side_encryption',
      'stream_arn',
      'stream_label',
      'stream_view_type',
      'write_capacity',
    ]);
  });

  const replacing: readonly (readonly [Partial<Variables>, readonly string[]])[] = [
    [{ table_name: 'other-table' }, ['name']],
    [{ hash_key: 'a' }, ['hash_key']],
    [{ range_key: 'a' }, ['range_key']],
    [
      {
        local_secondary_indexes: [{ name: 'lsi', range_key: 'a', projection_type: 'ALL', non_key_attributes: null }],
      },
      ['local_secondary_index'],
    ],
    [{ attributes: [{ name: 'userId', type: 'N' }] }, ['attribute']],
  ];
  for (const [changes, because] of replacing) {
    test(`replaces the table for ${because[0]}`, () => {
      assert.deepEqual(planTable(applied({}), configured(changes)).replaceBecause, because);
    });
  }

  test('a switched-off time to live is the same whatever attribute AWS remembers', () => {
    const prior = { ...applied({}), ttl: [{ attribute_name: 'ttl', enabled: false }] };
    assert.equal(planTable(prior, configured({})).after, prior);
  });

  test('a new stream view makes a new stream, whose ARN is not known', () => {
    const prior = applied({ stream_enabled: true });
    const planned = planTable(prior, configured({ stream_enabled: true, stream_view_type: 'KEYS_ONLY' }));
    assert.deepEqual(planned.afterUnknown, { stream_arn: true, stream_label: true });
  });
});

describe('the steps of an update', () => {
  test('indexes go before the billing mode changes and come after it, one at a time', () => {
    const result = steps(
      { attributes: KEYS, global_secondary_indexes: [index('old'), index('kept')] },
      { billing_mode: 'PROVISIONED', attributes: KEYS, global_secondary_indexes: [index('new'), index('kept')] },
    );
    const five = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
    assert.deepEqual(result[0], { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'old' } }] });
    assert.deepEqual(result[1], {
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: five,
      GlobalSecondaryIndexUpdates: [{ Update: { IndexName: 'kept', ProvisionedThroughput: five } }],
    });
    const [created] = result[2]?.GlobalSecondaryIndexUpdates ?? [];
    assert.equal(created?.Create?.IndexName, 'new');
    assert.deepEqual(created?.Create?.ProvisionedThroughput, five);
    assert.equal(result.length, 3);
  });

  test('capacity is sent only where it changes', () => {
    const base = { billing_mode: 'PROVISIONED', attributes: KEYS } as const;
    const from = { ...base, global_secondary_indexes: [index('x', { read_capacity: 1 }), index('y')] };
    const to = { ...base, global_secondary_indexes: [index('x', { read_capacity: 2 }), index('y')] };
    assert.deepEqual(steps(from, to), [
      {
        GlobalSecondaryIndexUpdates: [
          { Update: { IndexName: 'x', ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 5 } } },
        ],
      },
    ]);
  });

  test('an index whose projection or key type changes is made anew', () => {
    const from = { attributes: KEYS, global_secondary_indexes: [index('x')] };
    const projected = { attributes: KEYS, global_secondary_indexes: [index('x', { projection_type: 'KEYS_ONLY' })] };
    assert.deepEqual(
      steps(from, projected).map((step) => Object.keys(step.GlobalSecondaryIndexUpdates?.[0] ?? {})),
      [['Delete'], ['Create']],
    );
    const retyped = {
      attributes: [
        { name: 'userId', type: 'S' },
        { name: 'a', type: 'N' },
      ],
      global_secondary_indexes: [index('x')],
    };
    assert.equal(steps(from, retyped).length, 2);
  });

  test('a stream changes its view by being switched off and on', () => {
    assert.deepEqual(steps({ stream_enabled: true }, { stream_enabled: true, stream_view_type: 'OLD_IMAGE' }), [
      { StreamSpecification: { StreamEnabled: false } },
      { StreamSpecification: { StreamEnabled: true, StreamViewType: 'OLD_IMAGE' } },
    ]);
  });

  test('class, protection and encryption have calls of their own', () => {
    const to = { table_class: 'STANDARD_INFREQUENT_ACCESS', deletion_protection: true, enable_encryption: false };
    assert.deepEqual(steps({}, to), [
      { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      { DeletionProtectionEnabled: true },
      { SSESpecification: { Enabled: false } },
    ]);
  });
});
