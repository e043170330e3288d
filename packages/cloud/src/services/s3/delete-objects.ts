import type {
  DeletedObject,
  _Error as DeleteError,
  DeleteObjectCommandInput,
  DeleteObjectCommandOutput,
  DeleteObjectsCommandInput,
  DeleteObjectsCommandOutput,
  ObjectIdentifier,
} from '@aws-sdk/client-s3';
import type { Writer } from '@tablewright/store';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { isDeleteMarker, NULL_VERSION, type ObjectRecord } from './object-record.js';
import { type Conditions, checkWrite } from './preconditions.js';
import { checkVersionId } from './read-object.js';
import { s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';

type Plain<Output> = Omit<Output, '$metadata'>;

const BATCH_LIMIT = 1000;

interface Deletion {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly conditions: Conditions;
}

interface Deleted {
  /** What there is nothing left of. */
  readonly gone: readonly ObjectRecord[];
  /** Whether a delete marker was made, or was what the request deleted. */
  readonly marker: boolean;
  readonly versionId: string | undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export async function deleteObject(
  state: S3State,
  context: RequestContext,
  input: DeleteObjectCommandInput,
): Promise<Plain<DeleteObjectCommandOutput>> {
  const { Bucket = '', Key: key = '', VersionId: versionId } = input;
  state.bucket(context.caller, Bucket, { owner: input.ExpectedBucketOwner });
  const conditions = { IfMatch: input.IfMatch };
  const done = await context.kernel.store.change((writer) => {
    state.bucket(context.caller, Bucket, { reader: writer });
    return deleteIn(state, writer, Bucket, { key, versionId, conditions });
  });
  await state.removeBytes(done.gone);
  return {
    ...(done.versionId === undefined ? {} : { VersionId: done.versionId }),
    ...(done.marker ? { DeleteMarker: true } : {}),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html: each on its own; all that succeed share one commit. */
export async function deleteObjects(
  state: S3State,
  context: RequestContext,
  input: DeleteObjectsCommandInput,
): Promise<Plain<DeleteObjectsCommandOutput>> {
  const { Bucket = '' } = input;
  state.bucket(context.caller, Bucket, { owner: input.ExpectedBucketOwner });
  const objects = input.Delete?.Objects ?? [];
  if (objects.length === 0 || objects.length > BATCH_LIMIT) throw s3Error('MalformedXML');
  const results = await Promise.all(objects.map((object) => deleteOne(state, context, Bucket, object)));
  const errors = results.flatMap(({ error }) => error ?? []);
  const deleted = input.Delete?.Quiet === true ? [] : results.flatMap((result) => result.deleted ?? []);
  return {
    ...(deleted.length === 0 ? {} : { Deleted: deleted }),
    ...(errors.length === 0 ? {} : { Errors: errors }),
  };
}

async function deleteOne(
  state: S3State,
  { kernel }: RequestContext,
  bucket: string,
  object: ObjectIdentifier,
): Promise<{ deleted?: DeletedObject; error?: DeleteError }> {
  const { Key = '', VersionId, ETag } = object;
  const named = VersionId === undefined ? {} : { VersionId };
  try {
    const deletion = { key: Key, versionId: VersionId, conditions: { IfMatch: ETag } };
    const done = await kernel.store.change((writer) => deleteIn(state, writer, bucket, deletion));
    await state.removeBytes(done.gone);
    const marker = done.marker ? { DeleteMarker: true, DeleteMarkerVersionId: done.versionId ?? NULL_VERSION } : {};
    return { deleted: { Key, ...named, ...marker } };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { error: { Key, ...named, Code: error.code, Message: error.message } };
  }
}

/** Deletes an object or a version within a change. What is not there is deleted already. */
export function deleteIn(state: S3State, writer: Writer, bucket: string, deletion: Deletion): Deleted {
  const { key, versionId, conditions } = deletion;
  if (versionId !== undefined) checkVersionId(versionId);
  if (conditions.IfMatch !== undefined) {
    const present = state.objects.getFrom(writer, bucket, key);
    if (present === undefined) return { gone: [], marker: false, versionId };
    checkWrite(conditions, key, present);
  }
  if (versionId === undefined) {
    const versioning = state.settings.versioning(bucket, writer);
    const { marker, gone } = state.versions.deleteIn(writer, bucket, key, versioning, state.kernel.clock.nowMs());
    if (marker === undefined) return { gone, marker: false, versionId: undefined };
    return { gone, marker: true, versionId: marker.versionId ?? NULL_VERSION };
  }
  const removed = state.versions.deleteVersionIn(writer, bucket, key, versionId);
  if (removed === undefined) return { gone: [], marker: false, versionId };
  if (isDeleteMarker(removed)) return { gone: [], marker: true, versionId };
  return { gone: [removed], marker: false, versionId };
}
