import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsError, describedTable, type Script, startScriptedDynamoDb } from '../testing/scripted-dynamodb.js';
import type { CheckStatus, ValidationReport } from './check-result.js';
import { validateTable } from './validate-table.js';

const TABLE = (describedTable().body as { Table: object }).Table;

/** Validates a table whose answers are those of a bare table, but for `answers`. */
async function validate(answers: Readonly<Record<string, ReturnType<Script>>>): Promise<ValidationReport> {
  const bare: Readonly<Record<string, ReturnType<Script>>> = {
    DescribeTable: describedTable(),
    DescribeContinuousBackups: { body: { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED' } } },
    DescribeTimeToLive: { body: { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } } },
    ListTagsOfResource: { body: { Tags: [] } },
    ListBackups: { body: { BackupSummaries: [] } },
  };
  const endpoint = await startScriptedDynamoDb(
    (operation) => answers[operation] ?? bare[operation] ?? awsError('UnknownOperationException', operation),
  );
  try {
    return await validateTable(endpoint.connection, 't');
  } finally {
    await endpoint.close();
  }
}

function statusOf(report: ValidationReport, id: string): CheckStatus | undefined {
  return report.checks.find((check) => check.id === id)?.status;
}

const table = (changes: object): ReturnType<Script> => ({ body: { Table: { ...TABLE, ...changes } } });

test('a bare table is valid, with warnings, each with a remedy', async () => {
  const report = await validate({});
  assert.equal(report.ok, true);
  const warned = report.checks.filter((check) => check.status === 'warn').map((check) => check.id);
  assert.deepEqual(warned, ['point-in-time-recovery', 'deletion-protection', 'backups', 'tags']);
  for (const check of report.checks) assert.equal(check.remedy !== undefined, check.status === 'warn', check.id);
  assert.equal(statusOf(report, 'encryption'), 'pass', 'no SSEDescription means a key that AWS owns');
});

test('a table with everything on passes', async () => {
  const recovery = { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 35 };
  const report = await validate({
    DescribeTable: table({
      DeletionProtectionEnabled: true,
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: 'arn:aws:kms:…' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      GlobalSecondaryIndexes: [{ IndexName: 'by-x', IndexStatus: 'ACTIVE', KeySchema: [] }],
      Replicas: [{ RegionName: 'eu-west-1', ReplicaStatus: 'ACTIVE' }],
    }),
    DescribeContinuousBackups: { body: { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: recovery } } },
    DescribeTimeToLive: { body: { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' } } },
    ListTagsOfResource: { body: { Tags: [{ Key: 'owner', Value: 'us' }] } },
  });
  assert.deepEqual([report.counts.warn, report.counts.fail], [0, 0]);
  for (const id of ['stream', 'ttl', 'tags', 'global-indexes', 'replicas'])
    assert.equal(statusOf(report, id), 'pass', id);
});

test('a missing table is a failed check', async () => {
  const report = await validate({ DescribeTable: awsError('ResourceNotFoundException', 'not found') });
  assert.deepEqual([report.ok, report.checks.length, statusOf(report, 'status')], [false, 1, 'fail']);
});

test('a table that does not serve requests fails, one that changes warns', async () => {
  assert.equal((await validate({ DescribeTable: table({ TableStatus: 'CREATING' }) })).ok, false);
  assert.equal((await validate({ DescribeTable: table({ TableStatus: 'ARCHIVED' }) })).ok, false);
  const updating = await validate({ DescribeTable: table({ TableStatus: 'UPDATING' }) });
  assert.deepEqual([updating.ok, statusOf(updating, 'status')], [true, 'warn']);
});

test('an index on its way warns', async () => {
  const indexes = [{ IndexName: 'by-x', IndexStatus: 'CREATING', KeySchema: [] }];
  const report = await validate({ DescribeTable: table({ GlobalSecondaryIndexes: indexes }) });
  assert.equal(statusOf(report, 'global-indexes'), 'warn');
});

test('a key that cannot be used fails', async () => {
  const SSEDescription = { Status: 'ENABLED', KMSMasterKeyArn: 'arn', InaccessibleEncryptionDateTime: 1767225600 };
  const report = await validate({ DescribeTable: table({ SSEDescription }) });
  assert.deepEqual([report.ok, statusOf(report, 'encryption')], [false, 'fail']);
});

test('a question that is refused leaves the other checks standing', async () => {
  const report = await validate({ ListTagsOfResource: awsError('AccessDeniedException', 'no') });
  const tags = report.checks.find((check) => check.id === 'tags');
  assert.deepEqual([report.ok, tags?.status], [true, 'warn']);
  assert.match(tags?.detail ?? '', /could not be read: AccessDeniedException: no/);
});
