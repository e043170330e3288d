import type { CopyObjectCommandInput, CopyObjectCommandOutput } from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { storedHeaders } from './object-headers.js';
import { checkKey, storeObject } from './object-operations.js';
import { checkRead } from './preconditions.js';
import { s3Error } from './s3-errors.js';
import type { ObjectRecord, S3State } from './s3-state.js';

/** CopyObject, within and across buckets. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export async function copyObject(
  state: S3State,
  context: RequestContext,
  input: CopyObjectCommandInput,
): Promise<Omit<CopyObjectCommandOutput, '$metadata'>> {
  const source = parseSource(input.CopySource);
  const { Bucket = '', Key = '' } = input;
  checkKey(Key);
  state.bucket(context.caller, Bucket);
  state.bucket(context.caller, source.bucket);
  const original = state.object(source.bucket, source.key);
  const replaces = input.MetadataDirective === 'REPLACE';
  if (source.bucket === Bucket && source.key === Key && !replaces) {
    throw s3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
        'metadata, storage class, website redirect location or encryption attributes.',
    );
  }
  checkSource(input, original);
  const copy: ObjectRecord = {
    ...original,
    file: await state.files.copy(original.file),
    modifiedMs: context.kernel.clock.nowMs(),
    ...(replaces ? { headers: storedHeaders(input), metadata: input.Metadata ?? {} } : {}),
  };
  await storeObject(state, context, Bucket, Key, input, copy);
  const result = { ETag: `"${copy.etag}"`, LastModified: new Date(copy.modifiedMs), ...copy.checksums };
  return { CopyObjectResult: result };
}

/** A copy from a source that has changed is refused with 412, also where a read would be answered with 304. */
function checkSource(input: CopyObjectCommandInput, original: ObjectRecord): void {
  const conditions = {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
  try {
    checkRead(conditions, original);
  } catch {
    throw s3Error('PreconditionFailed');
  }
}

function parseSource(source: string | undefined): { bucket: string; key: string } {
  const path = (source ?? '').replace(/^\//, '').replace(/\?versionId=.*$/, '');
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1) {
    throw s3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  }
  try {
    return { bucket: path.slice(0, slash), key: decodeURIComponent(path.slice(slash + 1)) };
  } catch {
    throw s3Error('InvalidArgument', 'Copy Source must be URL-encoded');
  }
}
