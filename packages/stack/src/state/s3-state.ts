// The state as an object in S3 with a lock object beside it, as Terraform's S3 backend with use_lockfile keeps them
// (https://developer.hashicorp.com/terraform/language/backend/s3): KEY and KEY.tflock, the latter made by a conditional put.
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { UserError } from '@tablewright/base';
import { type AwsConnection, clientConfig } from '../aws/aws-connection.js';
import { asUserError, awsErrorName } from '../aws/aws-error.js';
import { lockedError, newLockInfo, parseLockInfo, wrongLockId } from './lock-info.js';
import { parseState, stateText } from './parse-state.js';
import type { LockInfo, StateBackend, StateLock, StateOperation } from './state-backend.js';
import type { StateFile } from './state-file.js';

export interface S3StateOptions {
  readonly aws: AwsConnection;
  readonly bucket: string;
  /** Such as `dynamodb/dev/terraform.tfstate`. */
  readonly key: string;
}

/** A state in a bucket. Versions of the object are its backup, so switch versioning on for the bucket. */
export class S3State implements StateBackend {
  readonly location: string;
  readonly #client: S3Client;

  constructor(private readonly options: S3StateOptions) {
    this.location = `s3://${options.bucket}/${options.key}`;
    const { aws } = options;
    // Buckets as host names need DNS that a local endpoint has not.
    this.#client = new S3Client({ ...clientConfig(aws), forcePathStyle: aws.endpoint !== undefined });
  }

  async read(): Promise<StateFile | null> {
    const text = await this.readObject(this.options.key);
    return text === null ? null : parseState(text, this.location);
  }

  async write(state: StateFile): Promise<void> {
    const { bucket, key, aws } = this.options;
    const input = { Bucket: bucket, Key: key, Body: stateText(state), ContentType: 'application/json' };
    try {
      await this.#client.send(new PutObjectCommand(input));
    } catch (error) {
      throw asUserError(error, `save the state ${this.location}`, aws);
    }
  }

  async lock(operation: StateOperation): Promise<StateLock> {
    const { bucket, key, aws } = this.options;
    const info = newLockInfo(operation, `${bucket}/${key}`, aws.clock, aws.random);
    const input = { Bucket: bucket, Key: this.lockKey, Body: JSON.stringify(info), IfNoneMatch: '*' };
    try {
      await this.#client.send(new PutObjectCommand({ ...input, ContentType: 'application/json' }));
    } catch (error) {
      const isHeld = ['PreconditionFailed', 'ConditionalRequestConflict'].includes(awsErrorName(error));
      if (!isHeld) throw this.explain(error);
      const command = `aws s3 rm ${this.location}.tflock`;
      throw lockedError(this.location, await this.readLock(), { command, isStale: null });
    }
    let released = false;
    return {
      info,
      release: async () => {
        if (released) return;
        released = true;
        if ((await this.readLock())?.ID === info.ID) await this.deleteLock();
      },
    };
  }

  async forceUnlock(lockId: string): Promise<void> {
    const held = await this.readLock();
    if (held?.ID !== lockId) throw wrongLockId(this.location, lockId, held);
    await this.deleteLock();
  }

  private get lockKey(): string {
    return `${this.options.key}.tflock`;
  }

  private async readLock(): Promise<LockInfo | null> {
    const text = await this.readObject(this.lockKey);
    return text === null ? null : parseLockInfo(text);
  }

  private async deleteLock(): Promise<void> {
    const { bucket } = this.options;
    try {
      await this.#client.send(new DeleteObjectCommand({ Bucket: bucket, Key: this.lockKey }));
    } catch (error) {
      throw this.explain(error);
    }
  }

  private async readObject(key: string): Promise<string | null> {
    try {
      const output = await this.#client.send(new GetObjectCommand({ Bucket: this.options.bucket, Key: key }));
      return (await output.Body?.transformToString('utf8')) ?? '';
    } catch (error) {
      if (error instanceof NoSuchKey || awsErrorName(error) === 'NoSuchKey') return null;
      throw this.explain(error);
    }
  }

  private explain(error: unknown): UserError {
    if (awsErrorName(error) === 'NoSuchBucket') {
      const { bucket } = this.options;
      const remedy = `Create it (aws s3 mb s3://${bucket}), or correct TF_STATE_BUCKET.`;
      return new UserError(`the state bucket ${bucket} does not exist`, remedy, { cause: error });
    }
    return asUserError(error, `use the state ${this.location}`, this.options.aws);
  }
}
