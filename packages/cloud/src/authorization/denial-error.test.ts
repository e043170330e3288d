import assert from 'node:assert/strict';
import { test } from 'node:test';
import { denialError } from './denial-error.js';

const ARN = 'arn:aws:x:us-east-1:000000000000:y';

function refusal(service: string, action: string, resource = ARN) {
  const message = `User: u is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
  const { code, message: shown, options } = denialError({ service, requestId: 'r' }, { action, resource }, message);
  return [code, options.httpStatus, shown.slice('User: u is not authorized to perform: '.length)];
}

test('each service has its own code, status and wording for what is denied', () => {
  const rest = (action: string, place = ` on resource: ${ARN}`) =>
    `${action}${place} because no identity-based policy allows the ${action} action`;
  assert.deepEqual(refusal('dynamodb', 'dynamodb:Scan'), ['AccessDeniedException', 400, rest('dynamodb:Scan')]);
  assert.deepEqual(refusal('lambda', 'lambda:Invoke'), ['AccessDeniedException', 403, rest('lambda:Invoke')]);
  assert.deepEqual(refusal('sqs', 'sqs:SendMessage'), ['AccessDenied', 403, rest('sqs:sendmessage')]);
  assert.deepEqual(refusal('sns', 'sns:Publish'), ['AuthorizationError', 403, rest('SNS:Publish')]);
  const quoted = ` on resource: "${ARN}"`;
  assert.deepEqual(refusal('s3', 's3:GetObject'), ['AccessDenied', 403, rest('s3:GetObject', quoted)]);
  assert.deepEqual(refusal('s3', 's3:ListAllMyBuckets', '*'), ['AccessDenied', 403, rest('s3:ListAllMyBuckets', '')]);
  assert.deepEqual(refusal('monitoring', 'cloudwatch:PutMetricData', '*')[2], rest('cloudwatch:PutMetricData', ''));
  assert.deepEqual(refusal('lambda', 'lambda:ListFunctions', '*')[2], rest('lambda:ListFunctions', ' on resource: *'));
});
