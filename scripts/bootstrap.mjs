// Makes a checkout runnable: installs dependencies when package-lock.json asks for other ones than are there, and
// compiles when a source has changed. Does nothing, at once, when nothing is to be done. Node built-ins only, since it
// runs before anything is installed; and syntax that old versions of Node can read, so that they get a clear message.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const MINIMUM_NODE = [20, 19];
const SOURCE_FOLDERS = ['packages', 'test', 'conformance', 'crash'];
const stampFile = path.join(root, 'node_modules', '.tablewright', 'build-stamp');

/** Installs and builds where that is needed; prints a line to stderr for what it does and throws when it fails. */
export async function bootstrap() {
  checkNode();
  if (!isInstalled()) install();
  const stamp = sourcesStamp();
  if (!isBuilt(stamp)) build(stamp);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  fail(
    `Node ${process.versions.node} is too old: Tablewright needs ${MINIMUM_NODE.join('.')} or later`,
    'Install a current Node from https://nodejs.org, or with nvm: nvm install --lts',
  );
}

/** npm writes down what it installed: every package of the lock file must be there in the same version. */
function isInstalled() {
  const wanted = readJson(path.join(root, 'package-lock.json'));
  const present = readJson(path.join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted.packages).every(([name, entry]) => {
    if (name === '' || entry.optional === true) return true;
    const found = present.packages[name];
    return found !== undefined && found.version === entry.version && found.resolved === entry.resolved;
  });
}

function install() {
  report('Installing dependencies (npm ci) …');
  const npm = process.env.npm_execpath;
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const viaNode = npm?.endsWith('.js');
  const command = viaNode ? process.execPath : 'npm';
  const shell = !viaNode && process.platform === 'win32';
  const { status } = spawnSync(command, viaNode ? [npm, ...options] : options, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell,
  });
  if (status !== 0) fail('npm ci did not succeed', 'See its message above; it needs access to the npm registry.');
}

/** Changes when any source, manifest or compiler setting does. */
function sourcesStamp() {
  const hash = createHash('sha256');
  const add = (file) => {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${path.relative(root, file)}:${size}:${mtimeMs}\n`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== 'dist') walk(full);
      } else if (/\.ts$|^tsconfig.*\.json$|^package\.json$/.test(entry.name)) add(full);
    }
  };
  for (const name of ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json']) add(path.join(root, name));
  for (const folder of SOURCE_FOLDERS) if (existsSync(path.join(root, folder))) walk(path.join(root, folder));
  return hash.digest('hex');
}

function isBuilt(stamp) {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) return false;
  return readdirSync(path.join(root, 'packages')).every((name) =>
    existsSync(path.join(root, 'packages', name, 'dist', 'index.js')),
  );
}

function build(stamp) {
  report('Compiling (tsc -b) …');
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-b'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail('the sources do not compile', 'See the messages above.');
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function report(line) {
  process.stderr.write(`${line}\n`);
}

function fail(message, remedy) {
  report(`Error: ${message}`);
  report(`→ ${remedy}`);
  process.exit(1);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await bootstrap();
}
