import type {
  CopyObjectCommandInput,
  CopyObjectCommandOutput,
  DeleteObjectCommandInput,
  DeleteObjectsCommandInput,
  DeleteObjectsCommandOutput,
  GetObjectCommandInput,
  GetObjectCommandOutput,
  HeadObjectCommandInput,
  HeadObjectCommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { byteRange } from './byte-range.js';
import { copyObject } from './copy-object.js';
import { receiveObject } from './incoming-object.js';
import { objectHeaders, storedHeaders } from './object-headers.js';
import { type Conditions, checkRead, checkWrite } from './preconditions.js';
import { s3Error } from './s3-errors.js';
import type { ObjectRecord, S3State } from './s3-state.js';

type Plain<Output> = Omit<Output, '$metadata'>;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const KEY_LIMIT_BYTES = 1024;

export function objectOperations(state: S3State) {
  return {
    put: (context: RequestContext, input: PutObjectCommandInput) => put(state, context, input),
    get: (context: RequestContext, input: GetObjectCommandInput) => get(state, context, input),
    head: (context: RequestContext, input: HeadObjectCommandInput) => head(state, context, input),
    copy: (context: RequestContext, input: CopyObjectCommandInput): Promise<Plain<CopyObjectCommandOutput>> =>
      copyObject(state, context, input),
    async remove(context: RequestContext, input: DeleteObjectCommandInput): Promise<object> {
      state.bucket(context.caller, input.Bucket);
      await removeObject(state, context, input.Bucket ?? '', input.Key ?? '', input);
      return {};
    },
    removeMany: (context: RequestContext, input: DeleteObjectsCommandInput) => removeMany(state, context, input),
  };
}

async function put(
  state: S3State,
  context: RequestContext,
  input: PutObjectCommandInput,
): Promise<Plain<PutObjectCommandOutput>> {
  const { Bucket = '', Key = '' } = input;
  checkKey(Key);
  state.bucket(context.caller, Bucket);
  // Asked before the body as well, so that a lost race for a lock file costs no upload.
  checkWrite(input, Key, state.objects.get(Bucket, Key));
  const incoming = await receiveObject(state.files, input);
  await storeObject(state, context, Bucket, Key, input, {
    ...incoming,
    modifiedMs: context.kernel.clock.nowMs(),
    headers: storedHeaders(input),
    metadata: input.Metadata ?? {},
  });
  return { ETag: `"${incoming.etag}"`, ...incoming.checksums };
}

/** Names a file as the object's, under the conditions; the file that it replaces goes, or its own if they fail. */
export async function storeObject(
  state: S3State,
  { caller, kernel }: Pick<RequestContext, 'caller' | 'kernel'>,
  bucket: string,
  key: string,
  conditions: Conditions,
  object: ObjectRecord,
): Promise<void> {
  let replaced: ObjectRecord | undefined;
  try {
    replaced = await kernel.store.change((writer) => {
      state.bucket(caller, bucket, writer);
      const present = state.objects.getFrom(writer, bucket, key);
      checkWrite(conditions, key, present);
      state.objects.putIn(writer, bucket, key, object);
      return present;
    });
  } catch (error) {
    await state.files.remove(object.file);
    throw error;
  }
  if (replaced !== undefined) await state.files.remove(replaced.file);
}

export function checkKey(key: string): void {
  const sizeBytes = Buffer.byteLength(key);
  if (sizeBytes <= KEY_LIMIT_BYTES) return;
  throw s3Error('KeyTooLongError', undefined, { Size: String(sizeBytes), MaxSizeAllowed: String(KEY_LIMIT_BYTES) });
}

async function get(
  state: S3State,
  { caller }: RequestContext,
  input: GetObjectCommandInput,
): Promise<Plain<GetObjectCommandOutput>> {
  state.bucket(caller, input.Bucket);
  const { object, handle } = await openObject(state, input.Bucket ?? '', input.Key ?? '');
  try {
    checkRead(input, object);
    const range = byteRange(input.Range, object.sizeBytes);
    const { first, last } = range ?? { first: 0, last: object.sizeBytes - 1 };
    const body = object.sizeBytes === 0 ? undefined : state.files.stream(handle, first, last);
    if (body === undefined) await handle.close();
    return {
      ...objectHeaders(object, input),
      ContentLength: last - first + 1,
      ...(range === undefined ? {} : { ContentRange: `bytes ${first}-${last}/${object.sizeBytes}` }),
      // The SDK's type is that of its own client, whose streams have readers for the whole body on top.
      ...(body === undefined ? {} : { Body: body as GetObjectCommandOutput['Body'] }),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The object and its open file. A write may replace the file between the two steps; then the new one is opened. */
async function openObject(state: S3State, bucket: string, key: string) {
  for (;;) {
    const object = state.object(bucket, key);
    try {
      return { object, handle: await state.files.open(object.file) };
    } catch (error) {
      if (state.objects.get(bucket, key)?.file === object.file) throw error;
    }
  }
}

function head(
  state: S3State,
  { caller }: RequestContext,
  input: HeadObjectCommandInput,
): Plain<HeadObjectCommandOutput> {
  state.bucket(caller, input.Bucket);
  const object = state.object(input.Bucket ?? '', input.Key ?? '');
  checkRead(input, object);
  const range = byteRange(input.Range, object.sizeBytes);
  const { first, last } = range ?? { first: 0, last: object.sizeBytes - 1 };
  return {
    ...objectHeaders(object, input),
    ContentLength: last - first + 1,
    ...(range === undefined ? {} : { ContentRange: `bytes ${first}-${last}/${object.sizeBytes}` }),
  };
}

async function removeObject(
  state: S3State,
  { caller, kernel }: Pick<RequestContext, 'caller' | 'kernel'>,
  bucket: string,
  key: string,
  conditions: Conditions,
): Promise<void> {
  const removed = await kernel.store.change((writer) => {
    state.bucket(caller, bucket, writer);
    const present = state.objects.getFrom(writer, bucket, key);
    // Deleting what is not there succeeds.
    if (present === undefined) return undefined;
    checkWrite({ IfMatch: conditions.IfMatch }, key, present);
    state.objects.deleteIn(writer, bucket, key);
    return present;
  });
  if (removed !== undefined) await state.files.remove(removed.file);
}

async function removeMany(
  state: S3State,
  context: RequestContext,
  input: DeleteObjectsCommandInput,
): Promise<Plain<DeleteObjectsCommandOutput>> {
  state.bucket(context.caller, input.Bucket);
  const keys = (input.Delete?.Objects ?? []).map((entry) => entry.Key ?? '');
  if (keys.length > 1000) {
    throw s3Error('InvalidRequest', 'The number of objects to delete exceeds the limit of 1000');
  }
  await Promise.all(keys.map((key) => removeObject(state, context, input.Bucket ?? '', key, {})));
  return input.Delete?.Quiet === true ? {} : { Deleted: keys.map((Key) => ({ Key })) };
}
