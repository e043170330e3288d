import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { dataDirOf } from '../target/data-dir.js';
import { newCommand, withDataDir, withJson } from './command-options.js';

interface SnapshotFlags {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** `tablewright local snapshot`: saved states of the whole endpoint. */
export function localSnapshotCommand(context: CliContext): Command {
  const snapshot = newCommand('snapshot', 'save the state of all services, and put it back', [
    'tablewright local snapshot save before-migration',
    'tablewright local snapshot load before-migration',
    'tablewright local snapshot list',
    'tablewright local snapshot delete before-migration',
  ]);
  snapshot.addHelpText(
    'after',
    '\nWorks while the endpoint runs: requests under way come to their end first, those that come meanwhile are asked to\ncome again. Loading replaces everything, the clock included.',
  );
  const add = (action: 'save' | 'load' | 'delete', summary: string): void => {
    withJson(withDataDir(snapshot.command(action).description(summary).argument('<name>'))).action(
      async (name: string, flags: SnapshotFlags) => {
        const { changeSnapshot } = await import('../local/local-snapshots.js');
        await changeSnapshot(context, dataDirOf(context, flags.dataDir), action, name, flags.json === true);
      },
    );
  };
  add('save', 'save the state under a name, in place of a former one');
  add('load', 'put a saved state in the place of the present one');
  add('delete', 'delete a saved state');
  withJson(withDataDir(snapshot.command('list', { isDefault: true }).description('show the saved states'))).action(
    async (flags: SnapshotFlags) => {
      const { listSnapshots } = await import('../local/local-snapshots.js');
      await listSnapshots(context, dataDirOf(context, flags.dataDir), flags.json === true);
    },
  );
  return snapshot;
}
