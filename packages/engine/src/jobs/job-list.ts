import { createHash } from 'node:crypto';
import { validationError } from '../errors.js';
import { type JobKind, jobId } from './job-arn.js';

/** AWS's page when the request names no size (measured; the docs name the maximum of 25 only). */
const DEFAULT_PAGE = 10;
const TOKEN_BYTES = 64;
const CHECK_BYTES = 8;

export interface JobPage<T> {
  readonly jobs: readonly T[];
  readonly nextToken?: string;
}

/** A page of jobs, from the newest. */
export function jobPage<T extends { readonly arn: string }>(
  kind: JobKind,
  all: readonly T[],
  limit: number = DEFAULT_PAGE,
  token?: string,
): JobPage<T> {
  const sorted = [...all].sort((one, other) => (order(one.arn) > order(other.arn) ? -1 : 1));
  const after = token === undefined ? undefined : readToken(kind, token);
  const rest = after === undefined ? sorted : sorted.filter(({ arn }) => order(arn) < after);
  const jobs = rest.slice(0, limit);
  const last = jobs.at(-1);
  if (last === undefined || jobs.length === rest.length) return { jobs };
  return { jobs, nextToken: writeToken(kind, order(last.arn)) };
}

/** By time; jobs of one instant by their ARN. */
function order(arn: string): string {
  return `${jobId(arn)} ${createHash('sha256').update(arn).digest('hex').slice(0, 8)}`;
}

/** Hex digits in groups of 16, as ListImports wants them: a check sum, then the kind and the position, padded. */
function writeToken(kind: JobKind, position: string): string {
  const body = Buffer.alloc(TOKEN_BYTES - CHECK_BYTES);
  body.write(`${kind} ${position}`);
  return Buffer.concat([checkSum(body), body]).toString('hex');
}

function readToken(kind: JobKind, token: string): string {
  const bytes = Buffer.from(token, 'hex');
  const body = bytes.subarray(CHECK_BYTES);
  const text = body.toString('utf8').replace(/\0+$/, '');
  const isOurs = bytes.length === TOKEN_BYTES && bytes.subarray(0, CHECK_BYTES).equals(checkSum(body));
  if (isOurs && text.startsWith(`${kind} `)) return text.slice(kind.length + 1);
  throw validationError(`Invalid Request: Provided nextToken is invalid: ${token}`);
}

function checkSum(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest().subarray(0, CHECK_BYTES);
}
