// `npm test`: installs and builds what is missing, checks format, lint and types, runs every test, and prints the
// counts as the last line: "N passed, N failed", with ", N skipped" when some were. Arguments choose files by substring.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bootstrap } from './bootstrap.mjs';
import { globSync } from './glob.mjs';

const root = path.join(import.meta.dirname, '..');
const wanted = process.argv.slice(2);

await bootstrap();

const lint = () => {
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  return spawnSync(process.execPath, [biome, 'check', '.'], { cwd: root, stdio: 'inherit' }).status === 0;
};

/** Whether the compiled file's source is still there: the compiler leaves the output of deleted sources behind. */
const isCurrent = (file) => existsSync(path.join(root, file.replace(/dist(?=[\\/])/, 'src').replace(/\.js$/, '.ts')));

const files = globSync(root, ['packages', 'test', 'conformance', 'crash'], '.test.js').filter(
  (file) => isCurrent(file) && (wanted.length === 0 || wanted.some((part) => file.includes(part))),
);

const run = () =>
  new Promise((resolve) => {
    const counts = { pass: 0, fail: 0, skipped: 0, cancelled: 0 };
    // The environment of the person at the keyboard must not choose the tests' target.
    const env = { ...process.env, NO_COLOR: '1', AWS_EC2_METADATA_DISABLED: 'true' };
    for (const name of Object.keys(env))
      if (/^(AWS_(ENDPOINT|ACCESS|SECRET|SESSION|PROFILE|REGION|DEFAULT)|TABLEWRIGHT_|TF_VAR_)/.test(name))
        delete env[name];
    // Three at least: the tests that start processes wait much of their time.
    const concurrency = `--test-concurrency=${Math.max(3, availableParallelism())}`;
    const options = ['--enable-source-maps', '--test', concurrency, '--test-reporter=spec'];
    const child = spawn(process.execPath, [...options, ...files], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // The counts come before the details of what failed, which may be long.
    createInterface({ input: child.stdout }).on('line', (line) => {
      process.stdout.write(`${line}\n`);
      const [, name, count] = /^ℹ (pass|fail|skipped|cancelled) (\d+)$/.exec(line) ?? [];
      if (name !== undefined) counts[name] = Number(count);
    });
    child.on('close', (status) => {
      counts.fail += counts.cancelled;
      if (status !== 0 && counts.fail === 0) counts.fail = 1;
      resolve(counts);
    });
  });

const clean = wanted.length > 0 || lint();
const { pass, fail, skipped } = files.length === 0 ? { pass: 0, fail: 1, skipped: 0 } : await run();
const failed = fail + (clean ? 0 : 1);
if (!clean) console.log('format or lint check failed (npm run fix repairs what it can)');
console.log(`${pass} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);
