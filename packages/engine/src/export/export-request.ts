import { type RecoveryWindow, recoveryWindow } from '../backup/recovery-window.js';
import { stampAfter } from '../backup/stamp.js';
import type { TableRecord } from '../catalog/table-record.js';
import { DynamoError, validationError } from '../errors.js';
import { checkOutputEncryption } from '../jobs/output-encryption.js';
import type { ExportRecord, FilterSpecification } from './export-record.js';

// What ExportTableToPointInTime answers to impossible requests; codes, words and order as measured on AWS.

export interface ExportInput {
  readonly TableArn: string;
  readonly ExportTime?: number;
  readonly ClientToken?: string;
  readonly S3Bucket: string;
  readonly S3BucketOwner?: string;
  readonly S3Prefix?: string;
  readonly S3SseAlgorithm?: 'AES256' | 'KMS';
  readonly S3SseKmsKeyId?: string;
  readonly ExportFormat?: 'DYNAMODB_JSON' | 'ION';
  readonly ExportType?: 'FULL_EXPORT' | 'INCREMENTAL_EXPORT';
  readonly IncrementalExportSpecification?: IncrementalSpecification;
  readonly FilterSpecification?: FilterSpecification;
}

interface IncrementalSpecification {
  readonly ExportFromTime?: number;
  readonly ExportToTime?: number;
  readonly ExportViewType?: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES';
}

const LEAST_PERIOD_MS = 15 * 60 * 1000;
const LONGEST_PERIOD_MS = 24 * 3600 * 1000;

/** The rules among the members, which need no table. */
export function checkExportMembers(input: ExportInput): void {
  const { ExportType: type, IncrementalExportSpecification: specification } = input;
  if (type === 'FULL_EXPORT' && specification !== undefined) {
    throw invalid('When Export Type is Full Export , Incremental Export Specification should not be provided');
  }
  if (type === undefined && specification !== undefined) {
    throw invalid('Export Type expected to be Incremental Export when incremental export specification is provided');
  }
  if (type === 'INCREMENTAL_EXPORT' && specification === undefined) {
    throw invalid('Incremental Export Specification expected when export type is set as Incremental Export');
  }
  if (specification !== undefined && specification.ExportFromTime === undefined) {
    throw invalid('ExportFromTime must be provided in IncrementalExportSpecification');
  }
  checkOutputEncryption(input);
}

/** The period of an incremental export; checked before AWS asks for point-in-time recovery. */
export function exportPeriod(input: ExportInput, table: TableRecord, nowMs: number): { fromMs: number; toMs: number } {
  const { ExportFromTime: from = 0, ExportToTime: to } = input.IncrementalExportSpecification ?? {};
  const fromMs = Math.floor(from) * 1000;
  const toMs = to === undefined ? Math.floor(nowMs / 1000) * 1000 : Math.floor(to) * 1000;
  if (fromMs < Math.floor(table.createdMs / 1000) * 1000) {
    throw invalidTime(
      `Incremental export period from time cannot be less than the table creation time : ${secondsOf(fromMs)}`,
    );
  }
  if (toMs > nowMs) {
    throw invalidTime(`Incremental export period to time cannot be greater than the current time : ${secondsOf(toMs)}`);
  }
  const lengthMs = toMs - fromMs;
  if (lengthMs < LEAST_PERIOD_MS) throw wrongLength('less than 15 minutes');
  if (lengthMs > LONGEST_PERIOD_MS) throw wrongLength('greater than 24 hours');
  return { fromMs, toMs };
}

/** Throws without point-in-time recovery, or when the period begins before its window. */
export function checkPeriodRecoverable(table: TableRecord, fromMs: number, nowMs: number): void {
  const window = existingWindow(table, nowMs);
  if (fromMs < window.toldEarliestMs) throw notRecoverable();
}

/** The instant of a full export: now, or any second that the table can be restored to. */
export function exportTimeMs(input: ExportInput, table: TableRecord, nowMs: number): number {
  const window = existingWindow(table, nowMs);
  if (input.ExportTime === undefined) return nowMs;
  const atMs = Math.round(input.ExportTime * 1000);
  if (atMs < Math.floor(table.createdMs / 1000) * 1000 || atMs > nowMs) throw invalidTime('Export Time is invalid');
  const isInWindow = atMs >= window.toldEarliestMs && atMs <= window.latestMs;
  if (!isInWindow) throw notRecoverable();
  return Math.max(atMs, window.earliestMs);
}

function existingWindow(table: TableRecord, nowMs: number): RecoveryWindow {
  const window = recoveryWindow(table, nowMs);
  if (window !== undefined) return window;
  throw new DynamoError(
    'PointInTimeRecoveryUnavailableException',
    `Point in time recovery is not enabled for table '${table.name}'`,
  );
}

/** The stamps of a period: from the first change of its first millisecond to the last before its end. */
export function periodStamps({ fromMs, toMs }: { fromMs: number; toMs: number }): { from: string; to: string } {
  return { from: stampAfter(fromMs - 1), to: stampAfter(toMs - 1) };
}

/** The table's partitions, of which each has a file: on demand begins with four; else by capacity. */
export function partitionCount({ billingMode, throughput }: TableRecord): number {
  if (billingMode === 'PAY_PER_REQUEST') return 4;
  return Math.min(16, Math.max(1, Math.ceil(throughput.readUnits / 3000 + throughput.writeUnits / 1000)));
}

export type ExportSource = Pick<ExportRecord, 'full' | 'incremental'>;

function wrongLength(how: string): DynamoError {
  return invalidTime(`Difference between export period from time and export period to time is ${how}`);
}

function notRecoverable(): DynamoError {
  return invalidTime('Point in Time Recovery is not available for specified export time');
}

function invalidTime(message: string): DynamoError {
  return new DynamoError('InvalidExportTimeException', message);
}

function invalid(message: string): DynamoError {
  return validationError(`Invalid Request: ${message}`);
}

/** `2026-10-08T22:51:50Z` */
function secondsOf(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
