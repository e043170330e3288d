import { partitionOf } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';
import { DynamoError, validationError } from '../errors.js';

// ARNs of exports and imports: `<table's ARN>/export/01695353076000-2f7d8b8a`, fourteen digits of epoch milliseconds
// and eight random hex digits. What AWS answers to wrong ones was measured on AWS. Those of bulk operations are made in
// their image, as no document shows one.

export type JobKind = 'bulk-operation' | 'export' | 'import';

const TABLE_PART = /^table\/[a-zA-Z0-9_.-]{3,255}\/(bulk-operation|export|import)\/[^/]+$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/;

export interface JobWords {
  readonly kind: JobKind;
  readonly title: 'Bulk operation' | 'Export' | 'Import';
  readonly notFound: 'ExportNotFoundException' | 'ImportNotFoundException' | 'ResourceNotFoundException';
}

export const BULK_OPERATION: JobWords = {
  kind: 'bulk-operation',
  title: 'Bulk operation',
  notFound: 'ResourceNotFoundException',
};
export const EXPORT: JobWords = { kind: 'export', title: 'Export', notFound: 'ExportNotFoundException' };
export const IMPORT: JobWords = { kind: 'import', title: 'Import', notFound: 'ImportNotFoundException' };

/** Throws AWS's error for an ARN that cannot be a job of the caller's account and region. */
export function checkJobArn(caller: Caller, arn: string, words: JobWords): void {
  const [head, partition, service, region = '', accountId, ...rest] = arn.split(':');
  if (head !== 'arn' || rest.length === 0) throw validationError(`Invalid ${words.title} ARN`);
  const isOwn = partition === partitionOf(caller.region) && service === 'dynamodb' && accountId === caller.accountId;
  if (!isOwn || !REGION.test(region)) throw new DynamoError('AccessDeniedException', 'Access is denied');
  if (TABLE_PART.exec(rest.join(':'))?.[1] !== words.kind) throw validationError(`Invalid ${words.title} ARN`);
  if (region !== caller.region) throw jobNotFound(words, `Invalid ${words.kind} arn`);
}

export function jobNotFound(words: JobWords, detail: string): DynamoError {
  return new DynamoError(words.notFound, `${words.title} not found: ${detail}`);
}

/** Throws AWS's error for the table's ARN of a request about jobs; a name alone is none. */
export function checkTableArn(caller: Caller, arn: string): void {
  if (arn === '') throw validationError('Invalid TableArn: Invalid Table ARN');
  const [head, , service, , accountId, ...rest] = arn.split(':');
  if (head !== 'arn' || service !== 'dynamodb' || rest.length === 0) {
    throw validationError('One or more parameter values were invalid: tableArn is not a valid ARN');
  }
  if (accountId !== caller.accountId) throw new DynamoError('AccessDeniedException', 'Access is denied');
  if (!/^table\/[a-zA-Z0-9_.-]{3,255}$/.test(rest.join(':'))) {
    throw validationError('Invalid Request: Table ARN is invalid.');
  }
}

export function tableNameOf(tableArn: string): string {
  return tableArn.slice(tableArn.indexOf(':table/') + ':table/'.length);
}

/** The last part of a job's ARN. */
export function jobId(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
