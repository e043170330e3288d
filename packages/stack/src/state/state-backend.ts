import type { StateFile } from './state-file.js';

/** What a lock says about its holder: Terraform's own lock record, field for field. */
export interface LockInfo {
  readonly ID: string;
  /** `OperationTypePlan`, `OperationTypeApply`, `OperationTypeInvalid`, … */
  readonly Operation: string;
  readonly Info: string;
  /** `user@host`. */
  readonly Who: string;
  readonly Version: string;
  /** RFC 3339, UTC. */
  readonly Created: string;
  readonly Path: string;
}

/** A held lock; releasing it twice does nothing. */
export interface StateLock {
  readonly info: LockInfo;
  release(): Promise<void>;
}

/** Where a state lives. `read` gives null where there is none yet, and fails where it cannot be read. */
export interface StateBackend {
  /** For messages, such as `terraform.tfstate` or `s3://bucket/dynamodb/dev/terraform.tfstate`. */
  readonly location: string;
  read(): Promise<StateFile | null>;
  /** Replaces the state as a whole; the previous one is kept as a backup where the backend can. */
  write(state: StateFile): Promise<void>;
  /** Takes the lock or fails with a UserError that names the holder and the remedy. */
  lock(operation: StateOperation): Promise<StateLock>;
  /** Removes a lock left behind by a process that died; `lockId` must be the lock's own. */
  forceUnlock(lockId: string): Promise<void>;
}

export type StateOperation = 'plan' | 'apply' | 'destroy' | 'import' | 'state-rm';
