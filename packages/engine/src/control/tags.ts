import { parseTableArn } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';
import { isUnknownYet, type TableRecord, type Tag } from '../catalog/table-record.js';
import { NO_OUTPUT } from '../data/encode-output.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, notAuthorized, validationError } from '../errors.js';
import type { ControlContext } from './control-context.js';
import { invalidParameter } from './invalid-parameter.js';
import { assertChangeable, tableNotFound } from './table-errors.js';
import { checkTagCount, checkTagKey, checkTags } from './tag-rules.js';

const ARN_OF_RESOURCE = /^.+:.+:.+:.+:.+:.+\/.+$/;
const ARN_OF_ELSEWHERE = /^arn:[^:]+:(?!dynamodb:)[^:]+:/;
const MIN_NAME_LENGTH = 3;
const LIST = 'ListTagsOfResource';

export function tagResource(context: ControlContext): Handler {
  return async (caller, input) => {
    const given = input.Tags as readonly Partial<Tag>[];
    if (given.length === 0) throw validationError('Atleast one Tag needs to be provided as Input.');
    checkTags(given);
    return changeTags(context, caller, 'TagResource', input.ResourceArn as string, (tags) => {
      const merged = new Map([...tags, ...given].map(({ Key, Value }) => [Key, Value]));
      checkTagCount(merged.size);
      return [...merged].map(([Key, Value]) => ({ Key, Value }));
    });
  };
}

export function untagResource(context: ControlContext): Handler {
  return async (caller, input) => {
    const keys = input.TagKeys as readonly string[];
    if (keys.length === 0) throw validationError('Atleast one Tag Key needs to be provided as Input.');
    for (const key of keys) checkTagKey(key);
    checkTagCount(keys.length);
    return changeTags(context, caller, 'UntagResource', input.ResourceArn as string, (tags) =>
      tags.filter((tag) => !keys.includes(tag.Key)),
    );
  };
}

/** All tags come at once, whatever NextToken says: there cannot be more of them than a page would hold. */
export function listTagsOfResource(context: ControlContext): Handler {
  return (caller, input) => {
    checkListedArn(caller, input.ResourceArn as string);
    return { Tags: [...taggedTable(context, caller, LIST, input.ResourceArn as string).tags] };
  };
}

/** This operation is refused by the front end, which sees no table in the ARN; the others are not. */
function checkListedArn(caller: Caller, resourceArn: string): void {
  if (!ARN_OF_RESOURCE.test(resourceArn)) throw notAuthorized(caller.accountId, LIST, resourceArn);
  if ((parseTableArn(resourceArn)?.name ?? '').length < MIN_NAME_LENGTH) throw invalidTableArn(resourceArn);
}

function invalidTableArn(resourceArn: string): DynamoError {
  return validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${resourceArn}`);
}

async function changeTags(
  context: ControlContext,
  caller: Caller,
  operation: 'TagResource' | 'UntagResource',
  resourceArn: string,
  change: (tags: readonly Tag[]) => readonly Tag[],
): Promise<Record<string, never>> {
  if (ARN_OF_ELSEWHERE.test(resourceArn)) throw notAuthorized(caller.accountId, operation, resourceArn);
  await context.tables.change((changes) => {
    const record = taggedTable(context, caller, operation, resourceArn);
    assertChangeable(record);
    changes.put({ ...record, tags: change(record.tags) });
  });
  return NO_OUTPUT;
}

function taggedTable(context: ControlContext, caller: Caller, operation: string, resourceArn: string): TableRecord {
  if (!resourceArn.startsWith('arn:')) throw invalidParameter(`ARNs must start with 'arn:': ${resourceArn}`);
  const reference = parseTableArn(resourceArn);
  if (reference === undefined || reference.rest.startsWith('/backup/'))
    throw invalidParameter(`Provided Arn is not a DynamoDB resource arn: ${resourceArn}`);
  // A stream could be named, but has no tags (recorded on AWS).
  if (reference.rest.startsWith('/stream/')) throw resourceNotFound(resourceArn);
  if (reference.rest !== '') {
    throw invalidParameter(
      `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${resourceArn}`,
    );
  }
  if (reference.place.region !== caller.region) {
    throw invalidTableArn(resourceArn);
  }
  const record = context.tables.find(reference.place, reference.name);
  if (record !== undefined && isUnknownYet(record)) throw tableNotFound(record.name);
  if (record !== undefined) return record;
  // Whether another account has such a table is not told.
  if (reference.place.accountId !== caller.accountId) throw notAuthorized(caller.accountId, operation, resourceArn);
  throw resourceNotFound(resourceArn);
}

function resourceNotFound(resourceArn: string): DynamoError {
  return new DynamoError(
    'ResourceNotFoundException',
    `Requested resource not found: ResourcArn: ${resourceArn} not found`,
  );
}
