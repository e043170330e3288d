// `npm run bench`: builds what is missing, then runs bench/run.mjs with the same arguments.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
const { status } = spawnSync(
  process.execPath,
  [path.join(import.meta.dirname, '../bench/run.mjs'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
