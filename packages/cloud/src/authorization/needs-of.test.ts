import assert from 'node:assert/strict';
import { test } from 'node:test';
import { iteratorText } from '../services/kinesis/shard-iterator.js';
import { generalNeeds } from './general-needs.js';
import { lambdaNeeds } from './lambda-needs.js';
import { s3Needs } from './s3-needs.js';

const PLACE = { accountId: '000000000000', region: 'eu-west-1' };
const text = (needs: readonly { action: string; resource: string }[]) =>
  needs.map(({ action, resource }) => `${action} ${resource}`);

test('operations of S3 go by the actions of S3', () => {
  const of = (operation: string, input: object = {}) => text(s3Needs(operation, { Bucket: 'b', ...input }));
  assert.deepEqual(of('ListObjectsV2', { Prefix: 'p/' }), ['s3:ListBucket arn:aws:s3:::b']);
  assert.deepEqual(of('HeadObject', { Key: 'k/l' }), ['s3:GetObject arn:aws:s3:::b/k/l']);
  assert.deepEqual(of('GetObject', { Key: 'k', VersionId: '1' }), ['s3:GetObjectVersion arn:aws:s3:::b/k']);
  assert.deepEqual(of('GetObjectTagging', { Key: 'k', VersionId: '1' }), [
    's3:GetObjectVersionTagging arn:aws:s3:::b/k',
  ]);
  assert.deepEqual(of('UploadPart', { Key: 'k' }), ['s3:PutObject arn:aws:s3:::b/k']);
  assert.deepEqual(of('CopyObject', { Key: 'k', CopySource: '/a/x%20y' }), [
    's3:GetObject arn:aws:s3:::a/x y',
    's3:PutObject arn:aws:s3:::b/k',
  ]);
  assert.deepEqual(of('DeleteObjects', { Delete: { Objects: [{ Key: 'k' }, { Key: 'l', VersionId: '1' }] } }), [
    's3:DeleteObject arn:aws:s3:::b/k',
    's3:DeleteObjectVersion arn:aws:s3:::b/l',
  ]);
  assert.deepEqual(of('DeletePublicAccessBlock'), ['s3:PutBucketPublicAccessBlock arn:aws:s3:::b']);
  assert.deepEqual(of('ListBuckets'), ['s3:ListAllMyBuckets *']);
});

test('functions are named in many ways, and handing a role on is a permission of its own', () => {
  const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
  for (const FunctionName of ['f', 'function:f', '000000000000:function:f', arn]) {
    assert.deepEqual(text(lambdaNeeds('Invoke', { FunctionName }, PLACE)), [`lambda:InvokeFunction ${arn}`]);
  }
  assert.deepEqual(text(lambdaNeeds('Invoke', { FunctionName: 'f', Qualifier: 'live' }, PLACE)), [
    `lambda:InvokeFunction ${arn}:live`,
  ]);
  const [create, pass] = lambdaNeeds(
    'CreateFunction',
    { FunctionName: 'f', Role: 'arn:aws:iam::000000000000:role/r' },
    PLACE,
  );
  assert.equal(create?.action, 'lambda:CreateFunction');
  assert.deepEqual(pass, {
    action: 'iam:PassRole',
    resource: 'arn:aws:iam::000000000000:role/r',
    context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
  });
  assert.deepEqual(text(lambdaNeeds('ListFunctions', {}, PLACE)), ['lambda:ListFunctions *']);
});

test('other services are named by the first of their members that a request has', () => {
  const of = (service: string, operation: string, input: object = {}) =>
    text(generalNeeds(service, operation, input, PLACE));
  const prefix = 'eu-west-1:000000000000:';
  assert.deepEqual(of('sqs', 'SendMessageBatch', { QueueUrl: 'http://localhost:4566/000000000000/q' }), [
    `sqs:SendMessage arn:aws:sqs:${prefix}q`,
  ]);
  assert.deepEqual(of('logs', 'PutLogEvents', { logGroupName: '/g', logStreamName: 's' }), [
    `logs:PutLogEvents arn:aws:logs:${prefix}log-group:/g:log-stream:s`,
  ]);
  assert.deepEqual(of('monitoring', 'DeleteAlarms', { AlarmNames: ['a', 'b'] }), [
    `cloudwatch:DeleteAlarms arn:aws:cloudwatch:${prefix}alarm:a`,
    `cloudwatch:DeleteAlarms arn:aws:cloudwatch:${prefix}alarm:b`,
  ]);
  assert.deepEqual(
    of('backup', 'StartBackupJob', { BackupVaultName: 'v', IamRoleArn: 'arn:aws:iam::000000000000:role/r' }),
    [`backup:StartBackupJob arn:aws:backup:${prefix}backup-vault:v`, 'iam:PassRole arn:aws:iam::000000000000:role/r'],
  );
  assert.deepEqual(of('iam', 'AttachRolePolicy', { RoleName: 'r', PolicyArn: 'arn:aws:iam::aws:policy/X' }), [
    'iam:AttachRolePolicy arn:aws:iam::000000000000:role/r',
  ]);
  assert.deepEqual(of('kinesis', 'PutRecord', { StreamName: 's' }), [
    `kinesis:PutRecord arn:aws:kinesis:${prefix}stream/s`,
  ]);
  const iterator = { accountId: '000000000000', region: 'eu-west-1', stream: 's', streamId: 'i', shard: 0, from: 0 };
  const ShardIterator = iteratorText({ ...iterator, madeMs: 0 });
  for (const StreamARN of [undefined, `arn:aws:kinesis:${prefix}stream/other`]) {
    assert.deepEqual(of('kinesis', 'GetRecords', { ShardIterator, StreamARN }), [
      `kinesis:GetRecords arn:aws:kinesis:${prefix}stream/s`,
    ]);
  }
  assert.deepEqual(of('kinesis', 'GetRecords', { ShardIterator: 'no iterator' }), ['kinesis:GetRecords *']);
});
