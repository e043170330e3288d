import { tableArn } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';
import type { ControlContext } from '../control/control-context.js';
import { existingTable } from '../control/table-errors.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { BULK_OPERATION, checkJobArn, jobNotFound } from '../jobs/job-arn.js';
import { jobPage } from '../jobs/job-list.js';
import { type BulkPutInput, type BulkRecord, describeBulk, NO_PROGRESS, summarizeBulk } from './bulk-record.js';
import { assertTakesBulkPuts, checkBulkMembers, digestOf, MAX_UNDER_WAY, repeated } from './bulk-request.js';

/** Docs: API_ListBulkOperations: "started within the past 90 days". */
const LISTED_MS = 90 * 24 * 3600 * 1000;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html */
export function startBulkPutItems(context: ControlContext): Handler {
  return async (caller, given) => {
    const input = given as BulkPutInput & Record<string, unknown>;
    if (context.objectStore === undefined) {
      throw new DynamoError('UnknownOperationException', 'StartBulkPutItems is not emulated without S3.');
    }
    checkBulkMembers(input);
    const record = await context.tables.change((changes) => {
      const known = repeated(context, caller, input);
      if (known !== undefined) return known;
      const created = newOperation(context, caller, input);
      context.bulk.jobs.putIn(changes.writer, created);
      changes.afterwards(() => context.bulk.run(created));
      return created;
    });
    return { BulkOperationDescription: describeBulk(record) };
  };
}

function newOperation(context: ControlContext, caller: Caller, input: BulkPutInput): BulkRecord {
  const table = existingTable(context.tables, caller, input.TableName);
  assertTakesBulkPuts(table);
  const { accountId, region } = caller;
  const { jobs } = context.bulk;
  if (jobs.running().filter((job) => job.accountId === accountId && job.region === region).length >= MAX_UNDER_WAY) {
    throw new DynamoError(
      'LimitExceededException',
      `Subscriber limit exceeded: Only ${MAX_UNDER_WAY} bulk operations can be in progress at the same time`,
    );
  }
  const startMs = context.clock.nowMs();
  return {
    arn: jobs.newArn('bulk-operation', tableArn({ accountId, region }, table.name), startMs),
    accountId,
    region,
    status: 'IN_PROGRESS',
    clientToken: input.ClientToken ?? context.random.uuid(),
    startMs,
    table: { accountId: table.accountId, region: table.region, name: table.name, id: table.id },
    digest: digestOf(input),
    input,
    progress: NO_PROGRESS,
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBulkOperation.html */
export function describeBulkOperation(context: ControlContext): Handler {
  return (caller, input) => ({
    BulkOperationDescription: describeBulk(existingOperation(context, caller, input.BulkOperationArn as string)),
  });
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBulkOperations.html */
export function listBulkOperations(context: ControlContext): Handler {
  return (caller, given) => {
    const { MaxResults: limit, NextToken: token } = given as { MaxResults?: number; NextToken?: string };
    const since = context.clock.nowMs() - LISTED_MS;
    const all = context.bulk.jobs.list(caller).filter(({ startMs }) => startMs >= since);
    const { jobs, nextToken } = jobPage('bulk-operation', all, limit, token);
    return {
      BulkOperationsSummaryList: jobs.map(summarizeBulk),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  };
}

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancelBulkOperation.html. Asked again while it is
 * CANCELLING, it says so again; an operation that has ended cannot be cancelled.
 */
export function cancelBulkOperation(context: ControlContext): Handler {
  return async (caller, input) => {
    const arn = input.BulkOperationArn as string;
    await context.tables.change((changes) => {
      const record = existingOperation(context, caller, arn);
      if (record.endMs !== undefined) {
        throw validationError(
          `Invalid Request: The bulk operation cannot be cancelled, as its status is ${record.status}: ${arn}`,
        );
      }
      context.bulk.jobs.putIn(changes.writer, { ...record, status: 'CANCELLING' });
      changes.afterwards(() => context.bulk.run(record));
    });
    return { BulkOperationArn: arn, BulkOperationStatus: 'CANCELLING' };
  };
}

function existingOperation(context: ControlContext, caller: Caller, arn: string): BulkRecord {
  checkJobArn(caller, arn, BULK_OPERATION);
  const record = context.bulk.jobs.find(arn);
  if (record === undefined) throw jobNotFound(BULK_OPERATION, arn);
  return record;
}
