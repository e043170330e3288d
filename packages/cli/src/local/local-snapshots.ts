import { changeLocalSnapshot, localSnapshots } from '@tablewright/cloud';
import type { CliContext } from '../cli-context.js';
import { formatBytes } from '../output/format.js';

const DONE = { save: 'Saved', load: 'Loaded', delete: 'Deleted' } as const;

export async function changeSnapshot(
  context: CliContext,
  dataDir: string,
  action: 'save' | 'load' | 'delete',
  name: string,
  json: boolean,
): Promise<void> {
  const snapshot = await changeLocalSnapshot({ dataDir }, action, name);
  if (json) return context.output.json(snapshot);
  context.output.line(`${DONE[action]} ${snapshot.name}: ${formatBytes(snapshot.sizeBytes)}, of ${snapshot.created}.`);
}

export async function listSnapshots(context: CliContext, dataDir: string, json: boolean): Promise<void> {
  const snapshots = await localSnapshots({ dataDir });
  if (json) return context.output.json({ snapshots });
  if (snapshots.length === 0) return context.output.line('No snapshots have been saved.');
  context.output.table(
    ['name', 'of', 'size'],
    snapshots.map(({ name, created, sizeBytes }) => [name, created, formatBytes(sizeBytes)]),
  );
}
