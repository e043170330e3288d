import type { ControlContext } from '../control/control-context.js';
import { newStreamIdentity } from '../control/stream.js';
import { peersOf } from './group.js';
import type { ReplicaTransitions } from './replication.js';

/** A replica that has its items gets its stream and becomes active; one that has sent its last changes goes. */
export function replicaTransitions(context: ControlContext): ReplicaTransitions {
  return {
    filled(changes, record) {
      const source = peersOf(changes.read, record).find(({ stream }) => stream?.enabled === true);
      const viewType = source?.stream?.viewType ?? 'NEW_AND_OLD_IMAGES';
      const stream = { viewType, ...newStreamIdentity(context, record, record.name, changes), enabled: true };
      context.lifecycle.begin(changes, { ...record, stream });
    },
    left(changes, record) {
      const { replication, ...rest } = record;
      if (replication === undefined) return;
      const { isLeaving: _, ...left } = replication;
      context.lifecycle.begin(changes, { ...rest, replication: left });
    },
  };
}
