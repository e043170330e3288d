import type { TableRecord } from '../catalog/table-record.js';
import type { Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import type { ControlContext } from './control-context.js';
import { assertChangeable, existingTable } from './table-errors.js';

// The setting of time to live. Expired items are not deleted here, and the pause of about half an hour that AWS wants
// between two changes of the setting is not asked for.

export function describeTimeToLive(context: ControlContext): Handler {
  return (caller, input) => {
    const record = existingTable(context.tables, caller, input.TableName as string);
    if (record.status === 'CREATING' || record.status === 'DELETING') {
      const { status } = record;
      throw validationError(
        `Cannot describe time to live while table is in ${status} state: Current table state is ${status}`,
      );
    }
    const current = record.timeToLive;
    if (current?.enabled !== true) return { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } };
    return { TimeToLiveDescription: { AttributeName: current.attributeName, TimeToLiveStatus: 'ENABLED' } };
  };
}

export function updateTimeToLive(context: ControlContext): Handler {
  return async (caller, input) => {
    const { AttributeName: attributeName, Enabled: enabled } = input.TimeToLiveSpecification as {
      AttributeName: string;
      Enabled: boolean;
    };
    await context.tables.change((changes) => {
      const record = existingTable(context.tables, caller, input.TableName as string);
      assertChangeable(record);
      checkTimeToLive(record, attributeName, enabled);
      changes.put({ ...record, timeToLive: { attributeName, enabled, changedMs: context.clock.nowMs() } });
    });
    return { TimeToLiveSpecification: { AttributeName: attributeName, Enabled: enabled } };
  };
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
