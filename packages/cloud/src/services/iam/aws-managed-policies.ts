import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A policy that AWS manages; it is the same in every account. */
export interface AwsManagedPolicy {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly versionId: string;
  readonly document: string;
}

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly createDate: string;
  readonly updateDate: string;
  readonly versionId: string;
  readonly document: object;
}

const DATA = new URL('../../../data/aws-managed-policies.json', import.meta.url);
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
let policies: ReadonlyMap<string, AwsManagedPolicy> | undefined;

/**
 * The policies of AWS that tables and what goes with them need, with the documents that AWS published, by ARN.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/
 * Differs: only the default version of each, and unique ids of their own.
 */
export function awsManagedPolicies(): ReadonlyMap<string, AwsManagedPolicy> {
  // Written by hand after that reference, so the shape is known.
  policies ??= new Map(
    (JSON.parse(readFileSync(DATA, 'utf8')) as Entry[]).map(policyOf).map((entry) => [entry.arn, entry]),
  );
  return policies;
}

function policyOf(entry: Entry): AwsManagedPolicy {
  const arn = `arn:aws:iam::aws:policy${entry.path}${entry.name}`;
  return {
    name: entry.name,
    id: `ANPA${[...createHash('sha256').update(arn).digest().subarray(0, 17)].map((byte) => BASE32[byte & 31]).join('')}`,
    arn,
    path: entry.path,
    createdMs: Date.parse(entry.createDate),
    updatedMs: Date.parse(entry.updateDate),
    versionId: entry.versionId,
    document: JSON.stringify(entry.document, null, 4),
  };
}
