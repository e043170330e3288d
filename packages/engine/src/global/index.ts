export { updatePeers } from './group-settings.js';
export { legacyGlobalTables } from './legacy-global-tables.js';
export type { ReplicaCapacity, ReplicaScaling, ScalingSettings } from './replica-scaling.js';
export { replicaScalingOperations } from './replica-scaling-operations.js';
export { replicaTransitions } from './replica-transitions.js';
export { Replication } from './replication.js';
export type {
  PendingChanges,
  ReplicatedChange,
  ReplicationControl,
  ReplicationListener,
} from './replication-feed.js';
export { updateReplicas } from './update-replicas.js';
