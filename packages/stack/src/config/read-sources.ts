import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { UserError } from '@tablewright/base';
import { findVariable } from '../schema/variables.js';
import { parseHclValue, parseTfvarsHcl } from '../tfvars/parse-tfvars-hcl.js';
import { parseTfvarsJson } from '../tfvars/parse-tfvars-json.js';
import { SourceText } from '../tfvars/source-text.js';
import type { SourcePosition, TfvarsNode } from '../tfvars/tfvars-node.js';
import type { LoadConfigurationOptions, ValueOrigin } from './configuration.js';

/** One variable set by one source, not yet converted. */
export interface Assignment {
  readonly name: string;
  readonly node: TfvarsNode;
  readonly origin: ValueOrigin;
  /** Where the name stands. */
  readonly at: SourcePosition;
  /** To show the line in messages. */
  readonly source: SourceText;
}

/** All assignments, the weakest source first: environment, automatic files, then the command line in its order. */
export async function readSources(options: LoadConfigurationOptions): Promise<readonly Assignment[]> {
  const assignments = [...readEnvironment(options.env ?? {})];
  for (const file of await automaticFiles(options.cwd)) assignments.push(...(await readVarFile(options.cwd, file)));
  for (const argument of options.arguments ?? []) {
    if ('var' in argument) assignments.push(readArgument(argument.var));
    else assignments.push(...(await readVarFile(options.cwd, argument.varFile)));
  }
  return assignments;
}

/** TF_VAR_name for declared variables; Terraform ignores all others, too. */
function readEnvironment(env: { readonly [name: string]: string | undefined }): readonly Assignment[] {
  return Object.entries(env).flatMap(([key, text]) => {
    const name = key.startsWith('TF_VAR_') ? key.slice('TF_VAR_'.length) : '';
    return text === undefined || findVariable(name) === undefined ? [] : [assignText(name, text, key)];
  });
}

function readArgument(argument: string): Assignment {
  const equals = argument.indexOf('=');
  if (equals < 1) {
    throw new UserError(`-var ${JSON.stringify(argument)} has no value`, 'Write -var NAME=VALUE.');
  }
  return assignText(argument.slice(0, equals).trim(), argument.slice(equals + 1), '-var');
}

/** Variables of a primitive type take the text as it is; others take an expression, as Terraform does. */
function assignText(name: string, text: string, sourceName: string): Assignment {
  const type = findVariable(name)?.type.kind;
  const at = { line: 1, column: 1 };
  const isPlain = type === undefined || type === 'string' || type === 'number' || type === 'bool';
  const node: TfvarsNode = isPlain ? { kind: 'string', at, value: text } : parseHclValue(`${sourceName} ${name}`, text);
  return { name, node, origin: { source: sourceName }, at, source: new SourceText(sourceName, text) };
}

async function automaticFiles(cwd: string): Promise<readonly string[]> {
  const names = await readdir(cwd).catch((error: unknown) => {
    throw new UserError(`cannot read the folder ${cwd}`, 'Run the command in a folder that exists.', { cause: error });
  });
  const fixed = ['terraform.tfvars', 'terraform.tfvars.json'].filter((name) => names.includes(name));
  return [...fixed, ...names.filter((name) => /\.auto\.tfvars(\.json)?$/.test(name)).sort()];
}

async function readVarFile(cwd: string, file: string): Promise<readonly Assignment[]> {
  const path = isAbsolute(file) ? file : join(cwd, file);
  const text = await readText(path, file);
  const entries = file.endsWith('.json') ? parseTfvarsJson(file, text) : parseTfvarsHcl(file, text);
  const source = new SourceText(file, text);
  return entries.map((entry) => ({
    name: entry.key,
    node: entry.value,
    origin: { source: file, line: entry.at.line },
    at: entry.at,
    source,
  }));
}

async function readText(path: string, shown: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new UserError(`the variables file ${shown} ${what}`, 'Check the path given with -var-file.', {
      cause: error,
    });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError(`${shown} is no UTF-8 text`, 'Save the file as UTF-8.', { cause: error });
  }
}
