import type {
  CreateFunctionCommandInput,
  FunctionConfiguration,
  GetAccountSettingsResponse,
  GetFunctionCodeSigningConfigResponse,
  GetFunctionResponse,
  Layer,
  ListFunctionsCommandInput,
  ListFunctionsResponse,
  UpdateFunctionCodeCommandInput,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { partitionOf } from '../../../kernel/caller.js';
import type { RequestContext } from '../../service.js';
import { checkExecutionRole } from '../invocation/execution-role.js';
import { checkRevision, conflict, functionNotFound, invalidParameter } from '../lambda-errors.js';
import type { LambdaParts } from '../lambda-parts.js';
import type { OfFunction } from './function-catalog.js';
import { versionName } from './function-catalog.js';
import { codeFacts, zipOf } from './function-code.js';
import { changed, newConfiguration, updatedConfiguration } from './function-configuration.js';
import { parseFunctionName } from './function-name.js';
import type { FunctionRecord } from './function-record.js';
import { publish } from './publish-version.js';

const PAGE_SIZE = 50;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ACCOUNT_LIMIT = {
  TotalCodeSize: 80_530_636_800,
  CodeSizeUnzipped: 262_144_000,
  CodeSizeZipped: 52_428_800,
  ConcurrentExecutions: 1000,
};

/** Functions: made, described, changed, deleted. */
export class FunctionOperations {
  constructor(private readonly parts: LambdaParts) {}

  async create({ caller }: RequestContext, input: CreateFunctionCommandInput): Promise<FunctionConfiguration> {
    const { kernel, catalog } = this.parts;
    const reference = parseFunctionName(caller, input.FunctionName);
    checkExecutionRole(kernel, caller, input.Role);
    const zip = await zipOf(kernel, caller, input.Code);
    const configuration = {
      ...newConfiguration(kernel, reference, input, codeFacts(zip)),
      ...this.#layers(input.Layers),
    };
    const codeFile = await catalog.writeCode(zip);
    try {
      return await kernel.store.change((writer) => {
        if (catalog.functions.getFrom(writer, partitionOf(caller), reference.name) !== undefined) {
          throw conflict(`Function already exist: ${reference.name}`);
        }
        const record = { configuration, tags: input.Tags ?? {}, codeFile };
        catalog.functions.putIn(writer, partitionOf(caller), reference.name, record);
        return input.Publish === true ? publish(this.parts, writer, caller, reference.name, record) : configuration;
      });
    } catch (error) {
      await catalog.dropCode([codeFile]);
      throw error;
    }
  }

  get({ caller }: RequestContext, input: OfFunction): GetFunctionResponse {
    const { configuration, reservedConcurrency } = this.parts.catalog.resolve(caller, input);
    const { tags } = this.parts.catalog.find(caller, input);
    return {
      Configuration: configuration,
      Code: { RepositoryType: 'S3' },
      ...(Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } }),
      ...(reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    };
  }

  getConfiguration({ caller }: RequestContext, input: OfFunction): FunctionConfiguration {
    return this.parts.catalog.resolve(caller, input).configuration;
  }

  list({ caller }: RequestContext, input: ListFunctionsCommandInput): ListFunctionsResponse {
    const { catalog } = this.parts;
    const limit = Math.min(input.MaxItems ?? PAGE_SIZE, PAGE_SIZE);
    const after = input.Marker === undefined || input.Marker === '' ? {} : { after: input.Marker };
    const page: FunctionConfiguration[] = [];
    let last = '';
    for (const [name, { configuration }] of catalog.functions.list(partitionOf(caller), after)) {
      if (page.length >= limit) return { Functions: page, NextMarker: last };
      if (input.FunctionVersion === 'ALL') {
        page.push(unpublished(configuration), ...catalog.versionsOf(caller, name).map((one) => one.configuration));
      } else page.push(configuration);
      last = name;
    }
    return { Functions: page };
  }

  async remove({ caller }: RequestContext, input: OfFunction): Promise<object> {
    const { kernel, catalog } = this.parts;
    const { name, arn, qualifier } = parseFunctionName(caller, input.FunctionName, input.Qualifier);
    const { codeFile } = catalog.find(caller, input);
    if (qualifier === '$LATEST')
      throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
    if (qualifier !== undefined) return this.#removeVersion(caller, name, arn, qualifier);
    const partition = partitionOf(caller);
    const published = catalog.versionsOf(caller, name);
    await kernel.store.change((writer) => {
      catalog.functions.deleteIn(writer, partition, name);
      for (const { configuration } of published) {
        catalog.versions.deleteIn(writer, partition, versionName(name, configuration.Version ?? ''));
      }
      for (const alias of catalog.aliasesOf(caller, name))
        catalog.aliases.deleteIn(writer, partition, `${name}:${alias.name}`);
      this.parts.policies.removeAllIn(writer, caller, name);
      this.parts.eventConfigs.removeAllIn(writer, caller, name);
    });
    await this.parts.codeDropped([codeFile, ...published.map((version) => version.codeFile)]);
    this.parts.pool.retire(`${arn}:`);
    return {};
  }

  async #removeVersion(caller: RequestContext['caller'], name: string, arn: string, version: string): Promise<object> {
    const { catalog } = this.parts;
    const using = catalog
      .aliasesOf(caller, name)
      .filter((alias) => alias.version === version || alias.additionalWeights[version] !== undefined);
    if (using.length > 0) {
      const names = using.map((alias) => alias.name).join(', ');
      throw conflict(`Version ${version} cannot be deleted because it is used by alias(es): ${names}`);
    }
    const record = catalog.versions.get(partitionOf(caller), versionName(name, version));
    // Deleting what is not there succeeds, as on AWS.
    if (record === undefined) return {};
    await catalog.versions.delete(partitionOf(caller), versionName(name, version));
    await this.parts.codeDropped([record.codeFile]);
    this.parts.pool.retire(`${arn}:${version}`);
    return {};
  }

  updateConfiguration(
    context: RequestContext,
    input: UpdateFunctionConfigurationCommandInput,
  ): Promise<FunctionConfiguration> {
    checkExecutionRole(this.parts.kernel, context.caller, input.Role);
    return this.#change(context, input, (record) => ({
      ...record,
      configuration: {
        ...updatedConfiguration(this.parts.kernel, record.configuration, input),
        ...this.#layers(input.Layers),
      },
    }));
  }

  async updateCode(context: RequestContext, input: UpdateFunctionCodeCommandInput): Promise<FunctionConfiguration> {
    const { kernel, catalog } = this.parts;
    const before = catalog.find(context.caller, input);
    const zip = await zipOf(kernel, context.caller, input);
    const facts = codeFacts(zip);
    checkRevision(before.configuration.RevisionId, input.RevisionId);
    if (input.DryRun === true) return { ...before.configuration, ...facts };
    const codeFile = await catalog.writeCode(zip);
    const replaced: string[] = [codeFile];
    try {
      return await this.#change(context, input, (record) => {
        const architectures = input.Architectures === undefined ? {} : { Architectures: input.Architectures };
        const configuration = { ...record.configuration, ...facts, ...architectures, ...changed(kernel) };
        replaced.push(record.codeFile);
        return { ...record, configuration, codeFile };
      });
    } finally {
      await this.parts.codeDropped(replaced);
    }
  }

  codeSigningConfig(
    { caller }: RequestContext,
    input: OfFunction,
  ): GetFunctionCodeSigningConfigResponse & { CodeSigningConfigArn: string; FunctionName: string } {
    // Without a code signing configuration, as every function is here, AWS answers with an empty one.
    const { configuration } = this.parts.catalog.find(caller, input);
    return { CodeSigningConfigArn: '', FunctionName: configuration.FunctionName ?? '' };
  }

  accountSettings({ caller }: RequestContext): GetAccountSettingsResponse {
    const records = [...this.parts.catalog.functions.list(partitionOf(caller))].map(([, record]) => record);
    const reserved = records.reduce((sum, record) => sum + (record.reservedConcurrency ?? 0), 0);
    const { ConcurrentExecutions } = ACCOUNT_LIMIT;
    return {
      AccountLimit: { ...ACCOUNT_LIMIT, UnreservedConcurrentExecutions: ConcurrentExecutions - reserved },
      AccountUsage: {
        TotalCodeSize: records.reduce((sum, record) => sum + (record.configuration.CodeSize ?? 0), 0),
        FunctionCount: records.length,
      },
    };
  }

  /** Replaces the function's record, unless the caller means another revision of it. */
  async #change(
    { caller }: RequestContext,
    input: OfFunction & { readonly RevisionId?: string | undefined; readonly Publish?: boolean | undefined },
    update: (record: FunctionRecord) => FunctionRecord,
  ): Promise<FunctionConfiguration> {
    const { kernel, catalog } = this.parts;
    const { name, arn } = parseFunctionName(caller, input.FunctionName);
    return kernel.store.change((writer) => {
      const present = catalog.functions.getFrom(writer, partitionOf(caller), name);
      if (present === undefined) throw functionNotFound(arn);
      checkRevision(present.configuration.RevisionId, input.RevisionId);
      const record = update(present);
      catalog.functions.putIn(writer, partitionOf(caller), name, record);
      return input.Publish === true ? publish(this.parts, writer, caller, name, record) : record.configuration;
    });
  }

  #layers(arns: readonly string[] | undefined): { Layers?: Layer[] | undefined } {
    if (arns === undefined) return {};
    return { Layers: arns.length === 0 ? undefined : arns.map((arn) => this.parts.layers.use(arn)) };
  }
}

/** In lists of versions, $LATEST has a qualified ARN, too. */
export function unpublished(configuration: FunctionConfiguration): FunctionConfiguration {
  return { ...configuration, FunctionArn: `${configuration.FunctionArn}:$LATEST` };
}
