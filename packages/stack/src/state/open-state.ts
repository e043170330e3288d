import { basename, dirname, isAbsolute, join } from 'node:path';
import { type Clock, type Random, systemClock, systemRandom } from '@tablewright/base';
import type { AwsConnection } from '../aws/aws-connection.js';
import { LocalState } from './local-state.js';
import { S3State } from './s3-state.js';
import type { StateBackend } from './state-backend.js';

export interface OpenStateOptions {
  /** Needed for S3. */
  readonly aws?: AwsConnection;
  /** The folder that a relative `path` starts from. */
  readonly cwd: string;
  /** `terraform.tfstate` by default. */
  readonly path?: string;
  /** In place of a file. */
  readonly s3?: { readonly bucket: string; readonly key: string };
  readonly clock?: Clock;
  readonly random?: Random;
}

/** The backend for a state; nothing is read or locked yet. */
export function openState(options: OpenStateOptions): StateBackend {
  if (options.s3 !== undefined && options.aws !== undefined) return new S3State({ aws: options.aws, ...options.s3 });
  const location = options.path ?? 'terraform.tfstate';
  const path = isAbsolute(location) ? location : join(options.cwd, location);
  const clock = options.clock ?? options.aws?.clock ?? systemClock;
  const random = options.random ?? options.aws?.random ?? systemRandom;
  return new LocalState({ path: join(dirname(path), basename(path)), location, clock, random });
}

/** The key under which the guide keeps an environment's state in TF_STATE_BUCKET. */
export function environmentStateKey(environment: string): string {
  return `dynamodb/${environment}/terraform.tfstate`;
}
