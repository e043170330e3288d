// The door of @tablewright/ops: operations on tables, over the AWS SDK alone. Nothing here prints.
export { type BackupFacts, type CreateBackupOptions, createBackup } from './backups/create-backup.js';
export { listBackups } from './backups/list-backups.js';
export { type CallerIdentity, callerIdentity } from './connection/caller-identity.js';
export { type Connection, type ConnectOptions, connect, type StaticCredentials } from './connection/connection.js';
export { describeTable, findTable } from './connection/describe-table.js';
export { resolveRegion } from './connection/resolve-region.js';
export {
  backoffDelayMs,
  httpStatusOf,
  isThrottling,
  isTransient,
  type RetryPolicy,
  retrying,
} from './connection/retry.js';
export { type CallPlace, toUserError } from './connection/to-user-error.js';
export {
  type GrantOptions,
  type GrantPlan,
  type GrantResult,
  grantAccess,
  type RoleGrant,
} from './grants/grant-access.js';
export { type Access, type PolicyDocument, tablePolicy } from './grants/table-policy.js';
export { type Item, type ScanItemsOptions, scanItems } from './items/scan-items.js';
export { DEFAULT_CONCURRENCY, type PopulateOptions, populate } from './populate/populate.js';
export type { PopulateEvent, PopulateResult } from './populate/populate-event.js';
export type { CheckResult, CheckStatus, ValidationReport } from './validate/check-result.js';
export { validateTable } from './validate/validate-table.js';
