#!/usr/bin/env node
// Starts the compiled command. Syntax that old versions of Node can read, so that they get a clear message.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  stop(`Node ${process.versions.node} is too old: Tablewright needs 20.19 or later`, 'Install a current Node.');
} else if (!existsSync(fileURLToPath(main))) {
  stop('the tablewright command is not compiled yet', 'Run: npm ci && npm run build (or npm run quickstart)');
} else {
  const { main: run } = await import(main.href);
  await run(process.argv.slice(2));
}

function stop(message, remedy) {
  process.stderr.write(`Error: ${message}\n→ ${remedy}\n`);
  process.exitCode = 1;
}
