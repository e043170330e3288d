import { validationError } from '../errors.js';
import type { Caller } from './table.js';

/** The ARN partition that a region belongs to (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}

/** `arn:aws:dynamodb:<region>:<account>:table/<name>` */
export function tableArn(place: Caller, name: string): string {
  return `arn:${partitionOf(place.region)}:dynamodb:${place.region}:${place.accountId}:table/${name}`;
}

export interface TableReference {
  readonly place: Caller;
  readonly name: string;
  /** What follows the table's name in the ARN, e.g. `/index/by-date` or `/stream/…`; '' for the table itself. */
  readonly rest: string;
}

const TABLE_ARN = /^arn:[a-z-]+:dynamodb:([a-z0-9-]+):(\d{12}):table\/([a-zA-Z0-9_.-]+)((?:\/.*)?)$/;

/** The parts of a table's ARN (or of an ARN below a table); undefined when `arn` is not one. */
export function parseTableArn(arn: string): TableReference | undefined {
  const match = TABLE_ARN.exec(arn);
  if (match === null) return undefined;
  const [, region = '', accountId = '', name = '', rest = ''] = match;
  return { place: { accountId, region }, name, rest };
}

const RESOURCE_IN_ARN = /^arn:([^:]+):[^:]+:[^:]+:[^:]+:([^/]+)\/(.*)$/s;
const MIN_NAME_LENGTH = 3;
const MAX_NAME_LENGTH = 255;
const ARN_FORMAT =
  "Valid ARN format is 'arn:<awsPartition>:<vendor>:<region>:<subscriber>:resourceType/resourceName', where Resource " +
  `name must have length less than or equal to ${MAX_NAME_LENGTH}, Resource name must have length greater than or ` +
  `equal to ${MIN_NAME_LENGTH}, Resource name must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`;

/**
 * A table by name, in the caller's account and region, or by ARN. Throws ValidationException where an ARN is none of a
 * table here: that the place or kind is wrong was recorded on AWS, the words for the rest are told by others.
 */
export function tableReference(caller: Caller, nameOrArn: string): TableReference {
  if (!nameOrArn.startsWith('arn:')) return { place: caller, name: nameOrArn, rest: '' };
  const [, partition, kind, name = ''] = RESOURCE_IN_ARN.exec(nameOrArn) ?? [];
  if (kind !== undefined && kind !== 'table') throw invalidInArn('resource type', nameOrArn);
  if (kind !== undefined && name.length < MIN_NAME_LENGTH) {
    throw malformedArn(nameOrArn, `Table name of ARN must have length greater than or equal to ${MIN_NAME_LENGTH}`);
  }
  const reference = parseTableArn(nameOrArn);
  if (reference === undefined || reference.rest !== '' || name.length > MAX_NAME_LENGTH) {
    throw malformedArn(nameOrArn, ARN_FORMAT);
  }
  if (partition !== partitionOf(caller.region)) throw invalidInArn('AWS partition', nameOrArn);
  if (reference.place.region !== caller.region) throw invalidInArn('AWS region', nameOrArn);
  return reference;
}

function invalidInArn(part: string, arn: string): Error {
  return validationError(`1 validation error detected: Invalid ${part} in '${arn}'`);
}

function malformedArn(arn: string, constraint: string): Error {
  return validationError(
    `1 validation error detected: Value '${arn}' at 'tableName' failed to satisfy constraint: ${constraint}`,
  );
}
