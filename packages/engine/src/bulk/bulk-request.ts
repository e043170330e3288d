import { createHash } from 'node:crypto';
import { isBeingRestored, onlineIndexes, type TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { assertAccessible, assertChangeable, stillInUse } from '../control/table-errors.js';
import { DynamoError, validationError } from '../errors.js';
import { checkOutputEncryption } from '../jobs/output-encryption.js';
import type { BulkPutInput, BulkRecord } from './bulk-record.js';

// What StartBulkPutItems refuses. Which states of the table, and that global tables are refused, is what
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.Considerations.html says; the words are ours.

/** Docs: API_StartBulkPutItems, ClientToken: "During the 8 hours after the initial request". */
const TOKEN_VALID_MS = 8 * 3600 * 1000;
/** As many as imports: AWS names no number in its API reference. */
export const MAX_UNDER_WAY = 50;

/** The rules among the members, which need no table. */
export function checkBulkMembers({ OutputS3Configuration: output }: BulkPutInput): void {
  checkOutputEncryption(output);
  if (output.S3SseAlgorithm === 'KMS' && output.S3SseKmsKeyId === undefined) {
    throw validationError('Invalid Request: S3SseKmsKeyId must be specified when S3SseAlgorithm is KMS');
  }
}

/** The operation that the same request has begun; throws when another request had this token. */
export function repeated(
  { bulk, clock }: ControlContext,
  caller: { readonly accountId: string; readonly region: string },
  input: BulkPutInput,
): BulkRecord | undefined {
  const { ClientToken: token } = input;
  if (token === undefined) return undefined;
  const since = clock.nowMs() - TOKEN_VALID_MS;
  const known = bulk.jobs.list(caller).find((job) => job.clientToken === token && job.startMs > since);
  if (known === undefined || known.digest === digestOf(input)) return known;
  throw new DynamoError(
    'IdempotentParameterMismatchException',
    'Specified idempotent token was used with different request parameters within the idempotency window',
  );
}

/** The same for the same parameters, whatever the order of their members. */
export function digestOf({ ClientToken: _, ...parameters }: BulkPutInput): string {
  const inOrder = (_name: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256').update(JSON.stringify(parameters, inOrder)).digest('hex');
}

/** ACTIVE, or UPDATING in a way that is nothing to bulk writes. */
export function assertTakesBulkPuts(record: TableRecord): void {
  if (isBeingRestored(record)) throw stillInUse(`Table is being restored: ${record.name}`);
  assertChangeable(record);
  assertAccessible(record);
  if (record.replication !== undefined) {
    throw validationError(`Invalid Request: Bulk put items does not support global tables. Table: ${record.name}`);
  }
  const made = onlineIndexes(record)
    .filter(({ status }) => status === 'CREATING')
    .map(({ name }) => name);
  if (made.length === 0) return;
  throw stillInUse(
    `Can't start a bulk operation when an index is being created. Table: ${record.name} Indexes: [${made.join(', ')}]`,
  );
}

/** A table gets no replica while a bulk operation writes to it (docs: BulkPutItems.Considerations, "Global tables"). */
export function assertNoBulkOperation({ bulk }: ControlContext, { name, id }: TableRecord): void {
  if (!bulk.isWritingTo(id)) return;
  throw stillInUse(`Can't add a replica while a bulk operation is in progress. Table: ${name}`);
}
