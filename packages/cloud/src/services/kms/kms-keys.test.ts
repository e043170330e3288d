import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as Kms from '@aws-sdk/client-kms';
import { type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

const DAY_MS = 24 * 3_600_000;

async function kms(
  t: TestContext,
): Promise<{ endpoint: TestEndpoint; client: Kms.KMSClient; keyId: string; arn: string }> {
  const endpoint = await testEndpoint(t);
  const client = new Kms.KMSClient(endpoint.clientOptions());
  t.after(() => client.destroy());
  const { KeyMetadata: key } = await client.send(new Kms.CreateKeyCommand({ Description: 'orders' }));
  return { endpoint, client, keyId: key?.KeyId ?? '', arn: key?.Arn ?? '' };
}

test('what a key encrypts only that key decrypts, in the same encryption context, also after a rotation', async (t) => {
  const { client, keyId, arn } = await kms(t);
  const EncryptionContext = { tenant: 'a', purpose: 'test' };
  const Plaintext = Buffer.from('secret of tenant a');
  const { CiphertextBlob } = await client.send(new Kms.EncryptCommand({ KeyId: keyId, Plaintext, EncryptionContext }));
  await client.send(new Kms.RotateKeyOnDemandCommand({ KeyId: keyId }));
  const same = { CiphertextBlob, EncryptionContext: { purpose: 'test', tenant: 'a' } };
  const opened = await client.send(new Kms.DecryptCommand(same));
  assert.deepEqual(Buffer.from(opened.Plaintext ?? []), Plaintext);
  assert.equal(opened.KeyId, arn);
  const other = { CiphertextBlob, EncryptionContext: { tenant: 'b', purpose: 'test' } };
  await assert.rejects(client.send(new Kms.DecryptCommand(other)), { name: 'InvalidCiphertextException' });
  const { KeyMetadata: second } = await client.send(new Kms.CreateKeyCommand({}));
  await assert.rejects(client.send(new Kms.DecryptCommand({ ...same, KeyId: second?.KeyId })), {
    name: 'IncorrectKeyException',
  });
  const moved = await client.send(
    new Kms.ReEncryptCommand({
      CiphertextBlob,
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: second?.KeyId,
    }),
  );
  const again = await client.send(new Kms.DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }));
  assert.deepEqual(Buffer.from(again.Plaintext ?? []), Plaintext);
  assert.equal(again.KeyId, second?.Arn);
});

test('a data key comes with its ciphertext, which decrypts to it', async (t) => {
  const { client, keyId } = await kms(t);
  const made = await client.send(new Kms.GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' }));
  assert.equal(made.Plaintext?.length, 32);
  const { Plaintext } = await client.send(new Kms.DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
  assert.deepEqual(Plaintext, made.Plaintext);
  const hidden = await client.send(new Kms.GenerateDataKeyWithoutPlaintextCommand({ KeyId: keyId, NumberOfBytes: 20 }));
  const shown = await client.send(new Kms.DecryptCommand({ CiphertextBlob: hidden.CiphertextBlob }));
  assert.equal(shown.Plaintext?.length, 20);
  await assert.rejects(client.send(new Kms.GenerateDataKeyCommand({ KeyId: keyId })), {
    name: 'ValidationException',
    message: 'Please specify either number of bytes or key spec.',
  });
});

test('a disabled key does nothing until it is enabled', async (t) => {
  const { client, keyId, arn } = await kms(t);
  const encrypt = () => client.send(new Kms.EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x') }));
  await client.send(new Kms.DisableKeyCommand({ KeyId: keyId }));
  await assert.rejects(encrypt(), { name: 'DisabledException', message: `${arn} is disabled.` });
  await client.send(new Kms.EnableKeyCommand({ KeyId: keyId }));
  await encrypt();
});

test('a key is deleted when its waiting time is over, with its aliases, and not before; until then it can be kept', async (t) => {
  const { endpoint, client, keyId, arn } = await kms(t);
  await client.send(new Kms.CreateAliasCommand({ AliasName: 'alias/orders', TargetKeyId: keyId }));
  const schedule = () => client.send(new Kms.ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 }));
  await schedule();
  await assert.rejects(schedule(), { name: 'KMSInvalidStateException', message: `${arn} is pending deletion.` });
  await client.send(new Kms.CancelKeyDeletionCommand({ KeyId: keyId }));
  const state = async (KeyId: string) => {
    const { KeyMetadata } = await client.send(new Kms.DescribeKeyCommand({ KeyId }));
    return KeyMetadata?.KeyState;
  };
  assert.equal(await state('alias/orders'), 'Disabled');
  await schedule();
  endpoint.clock.advance(7 * DAY_MS - 1000);
  assert.equal(await state('alias/orders'), 'PendingDeletion');
  endpoint.clock.advance(2000);
  await assert.rejects(state('alias/orders'), { name: 'NotFoundException' });
  await assert.rejects(state(keyId), { name: 'NotFoundException', message: `Key '${arn}' does not exist` });
});

test('a key that fell due while the endpoint was down is gone when it is back', async (t) => {
  const { endpoint, client, keyId } = await kms(t);
  await client.send(new Kms.ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 }));
  client.destroy();
  await endpoint.restart();
  endpoint.clock.advance(8 * DAY_MS);
  const again = new Kms.KMSClient(endpoint.clientOptions());
  await assert.rejects(again.send(new Kms.DescribeKeyCommand({ KeyId: keyId })), { name: 'NotFoundException' });
  again.destroy();
});

test('a key rotates by itself on the clock, and tells when', async (t) => {
  const { endpoint, client, keyId } = await kms(t);
  await client.send(new Kms.EnableKeyRotationCommand({ KeyId: keyId, RotationPeriodInDays: 90 }));
  const before = await client.send(new Kms.GetKeyRotationStatusCommand({ KeyId: keyId }));
  assert.equal(before.KeyRotationEnabled, true);
  assert.equal(before.NextRotationDate?.getTime(), endpoint.clock.nowMs() + 90 * DAY_MS);
  endpoint.clock.advance(91 * DAY_MS);
  const { Rotations } = await client.send(new Kms.ListKeyRotationsCommand({ KeyId: keyId }));
  assert.deepEqual(
    Rotations?.map(({ RotationType }) => RotationType),
    ['AUTOMATIC'],
  );
});

test('aliases are made once, moved, listed by key and taken away', async (t) => {
  const { client, keyId } = await kms(t);
  const { KeyMetadata: second } = await client.send(new Kms.CreateKeyCommand({}));
  const create = () => client.send(new Kms.CreateAliasCommand({ AliasName: 'alias/orders', TargetKeyId: keyId }));
  await create();
  await assert.rejects(create(), {
    name: 'AlreadyExistsException',
    message: 'An alias with the name arn:aws:kms:us-east-1:000000000000:alias/orders already exists',
  });
  await client.send(new Kms.UpdateAliasCommand({ AliasName: 'alias/orders', TargetKeyId: second?.KeyId }));
  const { Aliases } = await client.send(new Kms.ListAliasesCommand({ KeyId: second?.KeyId }));
  assert.deepEqual(
    Aliases?.map(({ AliasName }) => AliasName),
    ['alias/orders'],
  );
  await client.send(new Kms.DeleteAliasCommand({ AliasName: 'alias/orders' }));
  await assert.rejects(client.send(new Kms.DescribeKeyCommand({ KeyId: 'alias/orders' })), {
    name: 'NotFoundException',
  });
});

test('policy, tags, description and grants come back as they were given', async (t) => {
  const { client, keyId } = await kms(t);
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*' }],
  });
  await client.send(new Kms.PutKeyPolicyCommand({ KeyId: keyId, Policy }));
  assert.equal((await client.send(new Kms.GetKeyPolicyCommand({ KeyId: keyId }))).Policy, Policy);
  await assert.rejects(client.send(new Kms.PutKeyPolicyCommand({ KeyId: keyId, Policy: '{' })), {
    name: 'MalformedPolicyDocumentException',
  });
  const Tags = [{ TagKey: 'team', TagValue: 'orders' }];
  await client.send(new Kms.TagResourceCommand({ KeyId: keyId, Tags }));
  assert.deepEqual((await client.send(new Kms.ListResourceTagsCommand({ KeyId: keyId }))).Tags, Tags);
  await client.send(new Kms.UntagResourceCommand({ KeyId: keyId, TagKeys: ['team'] }));
  assert.deepEqual((await client.send(new Kms.ListResourceTagsCommand({ KeyId: keyId }))).Tags, []);
  await client.send(new Kms.UpdateKeyDescriptionCommand({ KeyId: keyId, Description: 'new' }));
  assert.equal((await client.send(new Kms.DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.Description, 'new');
  const GranteePrincipal = 'arn:aws:iam::000000000000:role/reader';
  const { GrantId } = await client.send(
    new Kms.CreateGrantCommand({ KeyId: keyId, GranteePrincipal, Operations: ['Decrypt'], Name: 'reader' }),
  );
  const { Grants } = await client.send(new Kms.ListGrantsCommand({ KeyId: keyId }));
  assert.deepEqual(
    Grants?.map((grant) => [grant.GrantId, grant.GranteePrincipal, grant.Operations]),
    [[GrantId, GranteePrincipal, ['Decrypt']]],
  );
  await client.send(new Kms.RevokeGrantCommand({ KeyId: keyId, GrantId }));
  assert.deepEqual((await client.send(new Kms.ListGrantsCommand({ KeyId: keyId }))).Grants, []);
});

test("AWS's managed keys come into being when they are looked at, and are not to be changed", async (t) => {
  const { client } = await kms(t);
  const { KeyMetadata } = await client.send(new Kms.DescribeKeyCommand({ KeyId: 'alias/aws/s3' }));
  assert.equal(KeyMetadata?.KeyManager, 'AWS');
  await assert.rejects(client.send(new Kms.DisableKeyCommand({ KeyId: KeyMetadata?.KeyId })), {
    name: 'AccessDeniedException',
  });
  await assert.rejects(client.send(new Kms.DescribeKeyCommand({ KeyId: 'alias/aws/nothing' })), {
    name: 'NotFoundException',
  });
});
