import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DescribeKeyCommand, KMSClient, ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { testEndpoint } from '../../testing/test-endpoint.js';

test("DynamoDB's managed key is found by alias, id and ARN, and stays the same over a restart", async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new KMSClient(endpoint.clientOptions());
  const { KeyMetadata: first } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/aws/dynamodb' }));
  assert.equal(first?.KeyManager, 'AWS');
  assert.equal(first?.KeyState, 'Enabled');
  client.destroy();
  endpoint.clock.advance(60_000);
  await endpoint.restart();
  const again = new KMSClient(endpoint.clientOptions());
  for (const KeyId of [first?.KeyId, first?.Arn, 'arn:aws:kms:us-east-1:000000000000:alias/aws/dynamodb']) {
    const { KeyMetadata } = await again.send(new DescribeKeyCommand({ KeyId }));
    assert.deepEqual(KeyMetadata, first);
  }
  const { Keys } = await again.send(new ListKeysCommand({}));
  assert.deepEqual(Keys, [{ KeyId: first?.KeyId, KeyArn: first?.Arn }]);
  const { Aliases } = await again.send(new ListAliasesCommand({}));
  assert.equal(Aliases?.[0]?.TargetKeyId, first?.KeyId);
  again.destroy();
});

test('a key or alias that does not exist is not found', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new KMSClient(endpoint.clientOptions());
  await assert.rejects(client.send(new DescribeKeyCommand({ KeyId: 'alias/none' })), {
    name: 'NotFoundException',
    message: 'Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.',
  });
  await assert.rejects(client.send(new DescribeKeyCommand({ KeyId: 'nonsense' })), {
    name: 'NotFoundException',
    message: "Invalid keyId 'nonsense'",
  });
  client.destroy();
});
