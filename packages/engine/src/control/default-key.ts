import { createHash } from 'node:crypto';
import { partitionOf } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';

/**
 * The ARN of the key behind `alias/aws/dynamodb`, the same for every table of an account and region, as long as the
 * estate lives. `kms DescribeKey alias/aws/dynamodb` must answer it, too: clients compare the two to tell whether a
 * table uses the default key.
 */
export function defaultKmsKeyArn(caller: Caller): string {
  return kmsKeyArn(caller, stableUuid(`alias/aws/dynamodb ${caller.accountId} ${caller.region}`));
}

export function kmsKeyArn(place: Caller, keyId: string): string {
  return `arn:${partitionOf(place.region)}:kms:${place.region}:${place.accountId}:key/${keyId}`;
}

function stableUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
