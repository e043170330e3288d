export type { BackgroundListener, ChangeDelivery, IndexFilling } from './background-feed.js';
export type { ManagedBackup, ManagedBackups } from './backup/index.js';
export type { Caller, Table } from './catalog/table.js';
export type { AccessFacts } from './control/access-facts.js';
export { defaultKmsKeyArn } from './control/default-key.js';
export type { KmsKeyResolver } from './control/encryption.js';
export { kmsError, type TableKeys } from './control/key-access.js';
export { encodeOutput, StoredItem } from './data/index.js';
export { Engine, type EngineOptions, type Output } from './engine.js';
export { DynamoError, type DynamoErrorCode } from './errors.js';
export type {
  PendingChanges,
  ReplicaCapacity,
  ReplicaScaling,
  ReplicatedChange,
  ReplicationControl,
  ReplicationListener,
  ScalingSettings,
} from './global/index.js';
export type { ImportLog, ImportLogEntry } from './import/index.js';
export type { ContributorReport, ContributorReportRequest, ContributorRule } from './insights/index.js';
export type { KinesisStreams } from './kinesis/index.js';
export {
  type BucketReference,
  type ObjectEncryption,
  type ObjectReference,
  type ObjectStore,
  ObjectStoreError,
  type StoredObject,
} from './object-store.js';
export type { OperationName } from './operation-name.js';
export { isPackedOperation, type PackedOperation, readPacked } from './packed/read-packed.js';
export { type StatementAccess, statementAccess } from './partiql/index.js';
export type { StreamRead, StreamReadListener } from './streams/stream-operations.js';
export type { StreamFeed } from './streams/stream-service.js';
export type {
  Consumption,
  ThrottleEvent,
  ThroughputFeed,
  ThroughputListener,
  ThroughputMode,
  VectorBytes,
} from './throughput/index.js';
export type { ExpiryFeed, ExpiryListener } from './ttl/time-to-live.js';
export type { ValidationWords } from './validation/index.js';
