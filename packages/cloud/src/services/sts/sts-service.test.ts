import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GetAccessKeyInfoCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { send, testEndpoint } from '../../testing/test-endpoint.js';

test('the caller is the root user of the account that the access key names', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new STSClient(endpoint.clientOptions('123456789012'));
  const { Account, Arn, UserId } = await client.send(new GetCallerIdentityCommand({}));
  assert.deepEqual(
    { Account, Arn, UserId },
    {
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:root',
      UserId: '123456789012',
    },
  );
  const info = await client.send(new GetAccessKeyInfoCommand({ AccessKeyId: 'AKIDEXAMPLEEXAMPLE00' }));
  assert.equal(info.Account, '000000000000');
  client.destroy();
});

test('a request without a signature is refused with 403', async (t) => {
  const endpoint = await testEndpoint(t);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const answer = await send(endpoint.current().url, { headers, body });
  assert.equal(answer.status, 403);
  assert.match(answer.body, /<Code>MissingAuthenticationToken<\/Code>/);
});
