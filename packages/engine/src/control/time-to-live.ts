import type { CatalogWriter } from '../catalog/catalog.js';
import type { TableRecord, TimeToLiveRecord } from '../catalog/table-record.js';
import type { Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { assertNoneJoining, peersOf } from '../global/group.js';
import { assertNoStrongTimeToLive } from '../global/strong-rules.js';
import { buildChunk, isBuilding } from '../ttl/build-index.js';
import { checkTimeToLivePause } from './change-pauses.js';
import type { ControlContext } from './control-context.js';
import { assertAccessible, assertChangeable, knownTable, stillInUse } from './table-errors.js';

// The setting of time to live; what deletes the items is in `ttl/`.

export function describeTimeToLive(context: ControlContext): Handler {
  return (caller, input) => {
    const record = knownTable(context.tables, caller, input.TableName as string);
    if (record.status === 'CREATING' || record.status === 'DELETING') {
      const { status } = record;
      throw validationError(
        `Cannot describe time to live while table is in ${status} state: Current table state is ${status}`,
      );
    }
    const status = statusOf(record, context.clock.nowMs());
    return {
      TimeToLiveDescription: {
        ...(status !== 'DISABLED' && { AttributeName: record.timeToLive?.attributeName }),
        TimeToLiveStatus: status,
      },
    };
  };
}

export function updateTimeToLive(context: ControlContext): Handler {
  return async (caller, input) => {
    const { AttributeName: attributeName, Enabled: enabled } = input.TimeToLiveSpecification as {
      AttributeName: string;
      Enabled: boolean;
    };
    await context.tables.change((changes) => {
      const record = knownTable(context.tables, caller, input.TableName as string);
      if (record.status === 'CREATING') throw stillInUse(`Table ${record.name} is being created`);
      assertChangeable(record);
      assertAccessible(record);
      assertNoStrongTimeToLive(record);
      assertNoneJoining(changes, record);
      const nowMs = context.clock.nowMs();
      checkTimeToLive(record, attributeName, enabled);
      checkTimeToLivePause(context, record.timeToLive?.changedMs, isBuilding(record));
      const { transitionDelayMs } = context;
      const setting = {
        attributeName,
        enabled,
        changedMs: nowMs,
        ...(transitionDelayMs > 0 && { settlesMs: nowMs + transitionDelayMs }),
      };
      // The setting of one replica is that of all.
      for (const one of [record, ...peersOf(changes.read, record)]) store(changes, one, setting);
    });
    return { TimeToLiveSpecification: { AttributeName: attributeName, Enabled: enabled } };
  };
}

function store(changes: CatalogWriter, record: TableRecord, setting: Omit<TimeToLiveRecord, 'storageNumber'>): void {
  if (!setting.enabled) {
    const { storageNumber } = record.timeToLive ?? { storageNumber: 0 };
    changes.put({ ...record, timeToLive: { ...setting, storageNumber } });
    return;
  }
  const timeToLive: TimeToLiveRecord = { ...setting, storageNumber: changes.nextStorageNumber(), indexedTo: '' };
  // The first chunk is indexed at once, so that on a small table time to live is there with the answer.
  buildChunk(changes, { ...record, timeToLive }, setting.changedMs);
}

function statusOf(record: TableRecord, nowMs: number): 'ENABLING' | 'ENABLED' | 'DISABLING' | 'DISABLED' {
  const current = record.timeToLive;
  if (current === undefined) return 'DISABLED';
  const isSettled = current.settlesMs === undefined || nowMs >= current.settlesMs;
  if (!current.enabled) return isSettled ? 'DISABLED' : 'DISABLING';
  return isSettled && !isBuilding(record) ? 'ENABLED' : 'ENABLING';
}

function checkTimeToLive(record: TableRecord, attributeName: string, enabled: boolean): void {
  const current = record.timeToLive?.enabled === true ? record.timeToLive : undefined;
  if (current !== undefined && current.attributeName !== attributeName) {
    throw validationError(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${current.attributeName}`,
    );
  }
  if (enabled && current !== undefined) throw validationError('TimeToLive is already enabled');
  if (!enabled && current === undefined) throw validationError('TimeToLive is already disabled');
}
