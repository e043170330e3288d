import { join } from 'node:path';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Writer } from '@tablewright/store';
import { BlobFiles } from '../../../kernel/blob-files.js';
import { type Caller, partitionOf } from '../../../kernel/caller.js';
import type { Kernel } from '../../../kernel/kernel.js';
import { Records } from '../../../kernel/records.js';
import { functionNotFound, notFound } from '../lambda-errors.js';
import type { LayerRecord } from '../layers/layer-record.js';
import { parseFunctionName } from './function-name.js';
import type { AliasRecord, FunctionRecord, VersionRecord } from './function-record.js';

/** How requests name a function. */
export interface OfFunction {
  readonly FunctionName: string | undefined;
  readonly Qualifier?: string | undefined;
}

/** A function's version that a request means. */
export interface ResolvedFunction {
  readonly caller: Caller;
  readonly name: string;
  /** Without qualifier. */
  readonly arn: string;
  /** As asked for: with the qualifier, where one was given. */
  readonly invokedArn: string;
  readonly qualifier: string | undefined;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly configuration: FunctionConfiguration;
  readonly codeFile: string;
  readonly reservedConcurrency: number | undefined;
}

/** Everything that is kept of functions: their versions, aliases, and code. */
export class FunctionCatalog {
  readonly functions: Records<FunctionRecord>;
  /** By `name:` and the number in ten digits. */
  readonly versions: Records<VersionRecord>;
  /** By `name:alias`. */
  readonly aliases: Records<AliasRecord>;
  /** By `name:` and the number in ten digits. */
  readonly layers: Records<LayerRecord>;
  readonly #code: BlobFiles;

  constructor(private readonly kernel: Kernel) {
    const { store } = kernel;
    this.functions = new Records(store, 'lambda.functions');
    this.versions = new Records(store, 'lambda.versions');
    this.aliases = new Records(store, 'lambda.aliases');
    this.layers = new Records(store, 'lambda.layers');
    this.#code = new BlobFiles(join(kernel.dataDir, 'lambda'), kernel.random);
    this.#code.removeAllBut(this.#codeInUse());
  }

  /** Keeps a zip; resolves with its file's name. */
  writeCode(zip: Uint8Array): Promise<string> {
    return this.#code.write([zip]);
  }

  readCode(codeFile: string): Promise<Buffer> {
    return this.#code.read(codeFile);
  }

  /** Deletes the files that no version uses any more. */
  async dropCode(codeFiles: readonly string[]): Promise<readonly string[]> {
    const inUse = this.#codeInUse();
    const unused = codeFiles.filter((file) => !inUse.has(file));
    for (const file of unused) await this.#code.remove(file);
    return unused;
  }

  /** The function itself. */
  find(caller: Caller, input: OfFunction): FunctionRecord {
    const { name, arn, qualifier } = parseFunctionName(caller, input.FunctionName, input.Qualifier);
    const record = this.functions.get(partitionOf(caller), name);
    if (record === undefined) throw functionNotFound(qualifier === undefined ? arn : `${arn}:${qualifier}`);
    return record;
  }

  /** The version that a name with or without qualifier means; of an alias with weights, one by chance. */
  resolve(caller: Caller, input: OfFunction): ResolvedFunction {
    const { name, arn, qualifier } = parseFunctionName(caller, input.FunctionName, input.Qualifier);
    const record = this.find(caller, input);
    const base = { caller, name, arn, qualifier, reservedConcurrency: record.reservedConcurrency };
    const invokedArn = qualifier === undefined ? arn : `${arn}:${qualifier}`;
    const version = this.#versionOf(caller, name, arn, qualifier);
    if (version === '$LATEST') {
      const configuration = { ...record.configuration, FunctionArn: invokedArn };
      return { ...base, invokedArn, version, configuration, codeFile: record.codeFile };
    }
    const published = this.versions.get(partitionOf(caller), versionName(name, version));
    if (published === undefined) throw functionNotFound(invokedArn);
    const configuration = { ...published.configuration, FunctionArn: invokedArn };
    return { ...base, invokedArn, version, configuration, codeFile: published.codeFile };
  }

  /** Published versions, oldest first. */
  versionsOf(caller: Caller, name: string): VersionRecord[] {
    return [...this.versions.list(partitionOf(caller), { prefix: `${name}:` })].map(([, record]) => record);
  }

  aliasesOf(caller: Caller, name: string): AliasRecord[] {
    return [...this.aliases.list(partitionOf(caller), { prefix: `${name}:` })].map(([, record]) => record);
  }

  alias(caller: Caller, name: string, arn: string, alias: string): AliasRecord {
    const record = this.aliases.get(partitionOf(caller), `${name}:${alias}`);
    if (record === undefined) throw notFound(`Cannot find alias arn: ${arn}:${alias}`);
    return record;
  }

  /** The function as a change sees it. */
  inChange(writer: Writer, caller: Caller, name: string, arn: string): FunctionRecord {
    const record = this.functions.getFrom(writer, partitionOf(caller), name);
    if (record === undefined) throw functionNotFound(arn);
    return record;
  }

  #versionOf(caller: Caller, name: string, arn: string, qualifier: string | undefined): string {
    if (qualifier === undefined || qualifier === '$LATEST' || /^\d+$/.test(qualifier)) return qualifier ?? '$LATEST';
    const { version, additionalWeights } = this.alias(caller, name, arn, qualifier);
    let draw = Object.keys(additionalWeights).length === 0 ? 1 : this.kernel.random.next();
    for (const [other, weight] of Object.entries(additionalWeights)) {
      draw -= weight;
      if (draw < 0) return other;
    }
    return version;
  }

  #codeInUse(): Set<string> {
    const files = new Set<string>();
    for (const collection of [this.functions, this.versions, this.layers]) {
      for (const { codeFile } of collection.all()) files.add(codeFile);
    }
    return files;
  }
}

/** The name of a version's record: it sorts by number. */
export function versionName(name: string, version: string | number): string {
  return `${name}:${String(version).padStart(10, '0')}`;
}
