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

/** A table by name, in the caller's account and region, or by ARN. */
export function tableReference(caller: Caller, nameOrArn: string): TableReference {
  const parsed = nameOrArn.startsWith('arn:') ? parseTableArn(nameOrArn) : undefined;
  return parsed ?? { place: caller, name: nameOrArn, rest: '' };
}
