// Rules of the house that the linter cannot see; ARCHITECTURE.md states them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.join(import.meta.dirname, '../..');

/** Files that git tracks or would track: what a clone has, plus what is about to be committed. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && existsSync(path.join(root, file)));

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Line comments and block comments, so that a rule can be spoken of. */
const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');

const productSources = files.filter(
  (file) => /^packages\/[^/]+\/src\/.*\.ts$/.test(file) && !file.endsWith('.test.ts'),
);

test('time and chance are taken in packages/base only', () => {
  const banned =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\b|\bperformance\.now\(|\bsetTimeout\(|\bsetInterval\(/;
  const offenders = productSources
    .filter((file) => !file.startsWith('packages/base/'))
    .filter((file) => banned.test(withoutComments(read(file))));
  assert.deepEqual(offenders, []);
});

test('the DynamoDB engine is imported by the DynamoDB services, KMS and the endpoint that assembles them only', () => {
  const allowed = /^packages\/(engine|cloud\/src\/(services\/(dynamodb|kms)|kernel|server|endpoint)\b)/;
  const offenders = productSources.filter(
    (file) => !allowed.test(file) && read(file).includes("'@tablewright/engine'"),
  );
  assert.deepEqual(offenders, []);
});

test('services reach each other through the kernel, never by import, and wire knows no service', () => {
  const offenders: string[] = [];
  for (const file of productSources) {
    const service = /^packages\/cloud\/src\/services\/([^/]+)\//.exec(file)?.[1];
    const imported = [...read(file).matchAll(/from '(\.[^']*)'/g)].map((match) =>
      path.posix.join(path.posix.dirname(file), match[1] ?? ''),
    );
    for (const target of imported) {
      const other = /^packages\/cloud\/src\/services\/([^/]+)\//.exec(target)?.[1];
      const fromWire = file.startsWith('packages/cloud/src/wire/');
      if (other !== undefined && ((service !== undefined && other !== service) || fromWire))
        offenders.push(`${file} → ${target}`);
    }
  }
  assert.deepEqual(offenders, []);
});

test('no file of the product grows past 500 lines, except tables of data', () => {
  const data = /generated|reserved-words|shapes|coverage/;
  const offenders = productSources
    .filter((file) => !data.test(file) && read(file).split('\n').length > 500)
    .map((file) => `${file}: ${read(file).split('\n').length}`);
  assert.deepEqual(offenders, []);
});

test('types are not switched off', () => {
  const offenders = files
    .filter((file) => /\.(ts|mts)$/.test(file) && file !== 'test/src/house-rules.test.ts')
    .filter((file) => /@ts-(ignore|nocheck)|\bas any\b|: any\b|as unknown as/.test(withoutComments(read(file))));
  assert.deepEqual(offenders, []);
});

test('every link between documents leads to a file that is there', () => {
  const broken: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.md'))) {
    for (const match of read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      const target = path.join(path.dirname(file), match[1] ?? '');
      if (!existsSync(path.join(root, target))) broken.push(`${file} → ${match[1]}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('the lock file names no download address', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved": "https?:/);
});
