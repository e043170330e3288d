import type { Caller } from './caller.js';

/** A backup of a table's items and settings. */
export interface TableBackup {
  /** Names it to this port only. */
  readonly arn: string;
  readonly createdMs: number;
  /** When it is complete. */
  readonly availableMs: number;
  readonly sizeBytes: number;
}

/** What AWS Backup needs of DynamoDB. Rejects with DynamoDB's errors, as ServiceError. */
export interface TableBackupsPort {
  create(caller: Caller, tableName: string): Promise<TableBackup>;
  /** Nothing happens for one that is gone already. */
  remove(arn: string): Promise<void>;
  /** Begins to restore into a new table of the caller's region; resolves with its ARN. */
  restore(
    caller: Caller,
    arn: string,
    target: {
      readonly TargetTableName: string;
      readonly SSESpecificationOverride?: {
        readonly Enabled: boolean;
        readonly SSEType?: 'KMS';
        readonly KMSMasterKeyId?: string;
      };
    },
  ): Promise<string>;
}
