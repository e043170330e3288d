import type { ManagedBackups } from '@tablewright/engine';

/** What AWS Backup needs of DynamoDB. Rejects with DynamoDB's errors, as ServiceError. */
export type TableBackupsPort = ManagedBackups;
