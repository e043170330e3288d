// Writes the tables of inputs and outputs into the Terraform module's README, from its variables.tf and outputs.tf:
// node scripts/module-readme.mjs. With --check it writes nothing and fails when they are stale. It relies on the layout
// that `terraform fmt` gives.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const moduleFolder = path.join(import.meta.dirname, '../aws_terraform/base_elements/dynamodb_table');
const readme = path.join(moduleFolder, 'README.md');

/** The argument of a block's body, on one line; undefined when it is not there. */
const argument = (body, name) => {
  const start = body.search(new RegExp(`^  ${name} +=`, 'm'));
  if (start < 0) return undefined;
  const [first, ...rest] = body.slice(start).split('\n');
  const lines = [first.replace(/^[^=]*= */, '')];
  // A value of several lines ends with the first line that is indented as the argument is.
  if (/[([{]$/.test(first)) {
    for (const line of rest) {
      lines.push(line.trim());
      if (/^ {2}\S/.test(line)) break;
    }
  }
  return lines
    .join(' ')
    .replace(/ += +/g, ' = ')
    .replace(/(?<![({[]) (?=\w+ = )/g, ', ')
    .replace(/,,/g, ',');
};

const text = (quoted = '""') => JSON.parse(quoted);
const cell = (value) => value.replaceAll('|', '\\|');

/** Blocks of a kind, in order, each with the heading of the section that it stands in. */
const blocks = (file, kind) => {
  const source = readFileSync(path.join(moduleFolder, file), 'utf8');
  const pattern = new RegExp(`^# --- (.+?) -+$|^${kind} "(\\w+)" \\{\\n([\\s\\S]*?)\\n\\}$`, 'gm');
  let section = '';
  const found = [];
  for (const [, heading, name, body] of source.matchAll(pattern)) {
    if (heading !== undefined) section = heading;
    else found.push({ section, name, body });
  }
  return found;
};

const inputs = () => {
  const lines = [];
  let current;
  for (const { section, name, body } of blocks('variables.tf', 'variable')) {
    if (section !== current) {
      lines.push(...(lines.length > 0 ? [''] : []), `### ${section}`, '');
      lines.push('| Name | Description | Type | Default |', '|---|---|---|---|');
      current = section;
    }
    const value = argument(body, 'default');
    const shown = value === undefined ? '**required**' : `\`${value}\``;
    const description = text(argument(body, 'description'));
    lines.push(`| \`${name}\` | ${cell(description)} | \`${cell(argument(body, 'type'))}\` | ${cell(shown)} |`);
  }
  return lines.join('\n');
};

const outputs = () =>
  [
    '| Name | Description |',
    '|---|---|',
    ...blocks('outputs.tf', 'output').map(
      ({ name, body }) => `| \`${name}\` | ${cell(text(argument(body, 'description')))} |`,
    ),
  ].join('\n');

const withTable = (document, name, table) => {
  const pattern = new RegExp(`(<!-- ${name}: [^>]*-->)[\\s\\S]*?(<!-- end of ${name} -->)`);
  if (!pattern.test(document)) throw new Error(`${readme} has no place for its ${name}`);
  return document.replace(pattern, (_, begin, end) => `${begin}\n\n${table}\n\n${end}`);
};

const present = readFileSync(readme, 'utf8');
const wanted = withTable(withTable(present, 'inputs', inputs()), 'outputs', outputs());
if (!process.argv.includes('--check')) writeFileSync(readme, wanted);
else if (wanted !== present) {
  console.error(`Error: the tables of ${path.relative(process.cwd(), readme)} are stale.`);
  console.error('→ write them anew with: node scripts/module-readme.mjs');
  process.exit(1);
}
