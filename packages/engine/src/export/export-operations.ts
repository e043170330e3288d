import { createHash } from 'node:crypto';
import { hex } from '../backup/history.js';
import { stampAfter } from '../backup/stamp.js';
import { tableArn } from '../catalog/arn.js';
import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import { tableFromRecord } from '../catalog/table-from-record.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { TableLayout } from '../data/table-layout.js';
import type { Handler } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import { checkJobArn, checkTableArn, EXPORT, jobNotFound, tableNameOf } from '../jobs/job-arn.js';
import { jobPage } from '../jobs/job-list.js';
import { exportFilter } from './export-filter.js';
import { describeExport, type ExportRecord, NO_PROGRESS, summarizeExport } from './export-record.js';
import {
  checkExportMembers,
  checkPeriodRecoverable,
  type ExportInput,
  exportPeriod,
  exportTimeMs,
  partitionCount,
  periodStamps,
} from './export-request.js';
import { exportPins } from './exports.js';

/** Docs: ServiceQuotas, "Table export to Amazon S3". */
const MAX_RUNNING = 300;

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html */
export function exportTable(context: ControlContext): Handler {
  return async (caller, given) => {
    const input = given as ExportInput & Record<string, unknown>;
    if (context.objectStore === undefined) {
      throw new DynamoError('UnknownOperationException', 'ExportTableToPointInTime is not emulated without S3.');
    }
    checkExportMembers(input);
    checkTableArn(caller, input.TableArn);
    const record = await context.tables.change((changes) => {
      const table = existingTable(context, caller, input.TableArn);
      exportFilter(new TableLayout(tableFromRecord(table)), input.FilterSpecification);
      const known = repeated(context, caller, input);
      if (known !== undefined) return known;
      const created = newExport(context, changes, table, input);
      context.exports.jobs.putIn(changes.writer, created);
      changes.afterwards(() => context.exports.run(created));
      return created;
    });
    return { ExportDescription: describeExport(record) };
  };
}

function existingTable(context: ControlContext, caller: Caller, arn: string): TableRecord {
  // AWS looks the name up in its own region, whatever region the ARN names, and so finds nothing elsewhere.
  const table = context.tables.find(caller, tableNameOf(arn));
  const isHere = table !== undefined && tableArn(table, table.name) === arn;
  if (isHere && table.status !== 'CREATING' && table.status !== 'DELETING') return table;
  throw new DynamoError('TableNotFoundException', `Table not found: ${arn}`);
}

/** The export that the same request has begun; throws when another request had this token. */
function repeated(context: ControlContext, caller: Caller, input: ExportInput): ExportRecord | undefined {
  if (input.ClientToken === undefined) return undefined;
  const known = context.exports.jobs.ofToken(caller, input.ClientToken);
  if (known === undefined || known.digest === digestOf(input)) return known;
  throw new DynamoError(
    'ExportConflictException',
    'Export conflict: Duplicate request detected with conflicting parameters',
  );
}

function digestOf({ ClientToken: _, ...parameters }: ExportInput): string {
  const inOrder = (_name: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256').update(JSON.stringify(parameters, inOrder)).digest('hex');
}

function newExport(
  context: ControlContext,
  changes: CatalogWriter,
  table: TableRecord,
  input: ExportInput,
): ExportRecord {
  const nowMs = context.clock.nowMs();
  const source = exportSource(context, changes, table, input, nowMs);
  if (context.exports.jobs.running().filter(({ accountId }) => accountId === table.accountId).length >= MAX_RUNNING) {
    throw new DynamoError(
      'LimitExceededException',
      `Subscriber limit exceeded: Only ${MAX_RUNNING} exports can be in progress at the same time`,
    );
  }
  // The time of an incremental export is that of whole seconds, as its period.
  const startMs = source.incremental === undefined ? nowMs : Math.floor(nowMs / 1000) * 1000;
  const record: ExportRecord = {
    arn: context.exports.jobs.newArn('export', tableArn(table, table.name), startMs),
    accountId: table.accountId,
    region: table.region,
    status: 'IN_PROGRESS',
    clientToken: input.ClientToken ?? context.random.uuid(),
    startMs,
    table,
    digest: digestOf(input),
    request: {
      bucket: input.S3Bucket,
      ...(input.S3BucketOwner !== undefined && { bucketOwner: input.S3BucketOwner }),
      ...(input.S3Prefix !== undefined && { prefix: input.S3Prefix }),
      sseAlgorithm: input.S3SseAlgorithm ?? 'AES256',
      ...(input.S3SseKmsKeyId !== undefined && { sseKmsKeyId: input.S3SseKmsKeyId }),
      format: input.ExportFormat ?? 'DYNAMODB_JSON',
      ...(input.ExportType !== undefined && { type: input.ExportType }),
      ...(input.FilterSpecification !== undefined && { filter: input.FilterSpecification }),
    },
    ...source,
    progress: NO_PROGRESS,
  };
  for (const [name, stamp] of exportPins(record)) context.history.pin(changes, table.storageNumber, name, stamp);
  return record;
}

function exportSource(
  context: ControlContext,
  changes: CatalogWriter,
  table: TableRecord,
  input: ExportInput,
  nowMs: number,
): Pick<ExportRecord, 'full' | 'incremental'> {
  if (input.ExportType !== 'INCREMENTAL_EXPORT') {
    const timeMs = exportTimeMs(input, table, nowMs);
    // An export as of this very millisecond must not see what follows within it.
    const [stamp = ''] = [stampAfter(timeMs), context.history.nextStamp(changes.writer)].sort();
    return { full: { timeMs, stamp: hex(stamp), partitions: partitionCount(table) } };
  }
  const period = exportPeriod(input, table, nowMs);
  checkPeriodRecoverable(table, period.fromMs, nowMs);
  const { from, to } = periodStamps(period);
  const view = input.IncrementalExportSpecification?.ExportViewType ?? 'NEW_AND_OLD_IMAGES';
  const timeIndex = table.pointInTimeRecovery?.storageNumber ?? 0;
  return { incremental: { ...period, from: hex(from), to: hex(to), view, timeIndex } };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeExport.html */
export function describeExportOperation(context: ControlContext): Handler {
  return (caller, input) => {
    const arn = input.ExportArn as string;
    checkJobArn(caller, arn, EXPORT);
    const record = context.exports.jobs.find(arn);
    if (record === undefined) throw jobNotFound(EXPORT, `Export not found: ${arn}`);
    return { ExportDescription: describeExport(record) };
  };
}

interface ListExportsInput {
  readonly TableArn?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html; those under way and failed ones,
 * too. Of a table that is gone AWS lists none, nor those of an earlier table of the same name.
 */
export function listExports(context: ControlContext): Handler {
  return (caller, given) => {
    const { TableArn: arn, MaxResults: limit, NextToken: token } = given as ListExportsInput;
    if (arn !== undefined) checkTableArn(caller, arn);
    const table = arn === undefined ? undefined : context.tables.find(caller, arn);
    const all = context.exports.jobs.list(caller).filter((one) => arn === undefined || one.table.id === table?.id);
    const { jobs, nextToken } = jobPage('export', all, limit, token);
    return {
      ExportSummaries: jobs.map(summarizeExport),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  };
}
