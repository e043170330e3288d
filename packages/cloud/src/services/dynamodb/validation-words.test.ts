import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNED, send, type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

async function refusal(endpoint: TestEndpoint, operation: string, input: object): Promise<unknown> {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    authorization: SIGNED,
  };
  const answer = await send(endpoint.current().url, { headers, body: JSON.stringify(input) });
  assert.equal(answer.status, 400);
  return JSON.parse(answer.body).message;
}

test('refusals are in the older words unless the endpoint is told to use the newer ones', async (t) => {
  const endpoint = await testEndpoint(t);
  const update = {
    TableName: 'orders',
    Key: { pk: { S: 'a' } },
    UpdateExpression: 'SET n = :v',
    ExpressionAttributeValues: { ':v': { N: 'x' } },
  };
  const fault = 'The parameter cannot be converted to a numeric value: x';
  assert.equal(
    await refusal(endpoint, 'UpdateItem', update),
    `ExpressionAttributeValues contains invalid value: ${fault} for key :v`,
  );
  assert.equal(
    await refusal(endpoint, 'BatchGetItem', { RequestItems: {} }),
    'The requestItems parameter is required for BatchGetItem',
  );
  await endpoint.restart({ validationWords: 'newer' });
  assert.equal(await refusal(endpoint, 'UpdateItem', update), `1 validation error detected: ${fault}`);
  assert.equal(
    await refusal(endpoint, 'BatchGetItem', { RequestItems: {} }),
    "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
});
