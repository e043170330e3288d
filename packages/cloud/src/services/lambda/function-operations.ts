import { join } from 'node:path';
import type {
  CreateFunctionCommandInput,
  FunctionConfiguration,
  GetAccountSettingsResponse,
  GetFunctionCodeSigningConfigResponse,
  GetFunctionResponse,
  ListFunctionsCommandInput,
  ListFunctionsResponse,
  ListTagsResponse,
  ListVersionsByFunctionResponse,
  TagResourceCommandInput,
  UntagResourceCommandInput,
  UpdateFunctionCodeCommandInput,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { BlobFiles } from '../../kernel/blob-files.js';
import { partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { codeFacts, zipOf } from './function-code.js';
import { changed, newConfiguration, updatedConfiguration } from './function-configuration.js';
import { parseFunctionName } from './function-name.js';
import { type FunctionRecord, functionNotFound, invalidParameter } from './function-record.js';

interface OfFunction {
  readonly FunctionName: string | undefined;
  readonly Qualifier?: string | undefined;
}

const PAGE_SIZE = 50;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ACCOUNT_LIMIT = {
  TotalCodeSize: 80_530_636_800,
  CodeSizeUnzipped: 262_144_000,
  CodeSizeZipped: 52_428_800,
  ConcurrentExecutions: 1000,
  UnreservedConcurrentExecutions: 1000,
};

export function functionOperations(kernel: Kernel) {
  const functions = new LambdaFunctions(kernel);
  return {
    createFunction: (context: RequestContext, input: CreateFunctionCommandInput) => functions.create(context, input),
    getFunction: (context: RequestContext, input: OfFunction) => functions.get(context, input),
    getFunctionConfiguration: (context: RequestContext, input: OfFunction) =>
      functions.find(context, input).configuration,
    listFunctions: (context: RequestContext, input: ListFunctionsCommandInput) => functions.list(context, input),
    listVersionsByFunction: (context: RequestContext, input: OfFunction): ListVersionsByFunctionResponse => ({
      Versions: [versioned(functions.find(context, input).configuration)],
    }),
    deleteFunction: (context: RequestContext, input: OfFunction) => functions.remove(context, input),
    updateFunctionConfiguration: (context: RequestContext, input: UpdateFunctionConfigurationCommandInput) =>
      functions.change(context, input, (record) => ({
        ...record,
        configuration: updatedConfiguration(kernel, record.configuration, input),
      })),
    updateFunctionCode: (context: RequestContext, input: UpdateFunctionCodeCommandInput) =>
      functions.updateCode(context, input),
    getFunctionCodeSigningConfig: (
      context: RequestContext,
      input: OfFunction,
    ): GetFunctionCodeSigningConfigResponse & { CodeSigningConfigArn: string; FunctionName: string } => ({
      // Without a code signing configuration, as every function is here, AWS answers with an empty one.
      CodeSigningConfigArn: '',
      FunctionName: functions.find(context, input).configuration.FunctionName ?? '',
    }),
    getAccountSettings: (context: RequestContext) => functions.accountSettings(context),
    listTags: (context: RequestContext, input: { Resource: string | undefined }): ListTagsResponse => ({
      Tags: { ...functions.find(context, { FunctionName: input.Resource }).tags },
    }),
    tagResource: (context: RequestContext, input: TagResourceCommandInput) =>
      functions.tag(context, input.Resource, (tags) => ({ ...tags, ...input.Tags })),
    untagResource: (context: RequestContext, input: UntagResourceCommandInput) =>
      functions.tag(context, input.Resource, (tags) =>
        Object.fromEntries(Object.entries(tags).filter(([name]) => !input.TagKeys?.includes(name))),
      ),
  };
}

class LambdaFunctions {
  readonly #records: Records<FunctionRecord>;
  readonly #code: BlobFiles;

  constructor(private readonly kernel: Kernel) {
    this.#records = new Records(kernel.store, 'lambda.functions');
    this.#code = new BlobFiles(join(kernel.dataDir, 'lambda'), kernel.random);
    this.#code.removeAllBut(new Set([...this.#records.all()].map((record) => record.codeFile)));
  }

  async create({ caller }: RequestContext, input: CreateFunctionCommandInput): Promise<FunctionConfiguration> {
    const reference = parseFunctionName(caller, input.FunctionName);
    const zip = zipOf(input.Code);
    const configuration = newConfiguration(this.kernel, reference, input, codeFacts(zip));
    const codeFile = await this.#code.write([zip]);
    try {
      await this.kernel.store.change((writer) => {
        if (this.#records.getFrom(writer, partitionOf(caller), reference.name) !== undefined) {
          const message = `Function already exist: ${reference.name}`;
          throw new ServiceError('ResourceConflictException', message, { members: { Type: 'User' } });
        }
        const record = { configuration, tags: input.Tags ?? {}, codeFile };
        this.#records.putIn(writer, partitionOf(caller), reference.name, record);
      });
    } catch (error) {
      await this.#code.remove(codeFile);
      throw error;
    }
    return configuration;
  }

  find({ caller }: RequestContext, input: OfFunction): FunctionRecord {
    const { name, arn, qualifier } = parseFunctionName(caller, input.FunctionName, input.Qualifier);
    const record = this.#records.get(partitionOf(caller), name);
    if (record === undefined) throw functionNotFound(qualifier === undefined ? arn : `${arn}:${qualifier}`);
    if (qualifier !== undefined && qualifier !== '$LATEST') throw functionNotFound(`${arn}:${qualifier}`);
    return record;
  }

  get(context: RequestContext, input: OfFunction): GetFunctionResponse {
    const { configuration, tags } = this.find(context, input);
    return {
      Configuration: configuration,
      Code: { RepositoryType: 'S3' },
      ...(Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } }),
      Concurrency: undefined,
    };
  }

  list({ caller }: RequestContext, input: ListFunctionsCommandInput): ListFunctionsResponse {
    const limit = Math.min(input.MaxItems ?? PAGE_SIZE, PAGE_SIZE);
    const after = input.Marker === undefined || input.Marker === '' ? {} : { after: input.Marker };
    const page: FunctionConfiguration[] = [];
    let last = '';
    for (const [name, { configuration }] of this.#records.list(partitionOf(caller), after)) {
      if (page.length === limit) return { Functions: page, NextMarker: last };
      page.push(input.FunctionVersion === 'ALL' ? versioned(configuration) : configuration);
      last = name;
    }
    return { Functions: page };
  }

  async remove(context: RequestContext, input: OfFunction): Promise<object> {
    const { name, qualifier } = parseFunctionName(context.caller, input.FunctionName, input.Qualifier);
    const { codeFile } = this.find(context, input);
    if (qualifier === '$LATEST')
      throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
    await this.#records.delete(partitionOf(context.caller), name);
    await this.#code.remove(codeFile);
    return { StatusCode: 204 };
  }

  /** Replaces the function's record, unless the caller means another revision of it. */
  async change(
    context: RequestContext,
    input: OfFunction & { readonly RevisionId?: string | undefined },
    update: (record: FunctionRecord) => FunctionRecord,
  ): Promise<FunctionConfiguration> {
    const { name, arn } = parseFunctionName(context.caller, input.FunctionName);
    const partition = partitionOf(context.caller);
    const updated = await this.kernel.store.change((writer) => {
      const present = this.#records.getFrom(writer, partition, name);
      if (present === undefined) throw functionNotFound(arn);
      checkRevision(present, input.RevisionId);
      const record = update(present);
      this.#records.putIn(writer, partition, name, record);
      return record;
    });
    return updated.configuration;
  }

  async updateCode(context: RequestContext, input: UpdateFunctionCodeCommandInput): Promise<FunctionConfiguration> {
    const before = this.find(context, input);
    const zip = zipOf(input);
    const facts = codeFacts(zip);
    if (input.DryRun === true) return { ...before.configuration, ...facts };
    const codeFile = await this.#code.write([zip]);
    let replaced = codeFile;
    try {
      return await this.change(context, input, (record) => {
        const architectures = input.Architectures === undefined ? {} : { Architectures: input.Architectures };
        const configuration = { ...record.configuration, ...facts, ...architectures, ...changed(this.kernel) };
        replaced = record.codeFile;
        return { ...record, configuration, codeFile };
      });
    } catch (error) {
      replaced = codeFile;
      throw error;
    } finally {
      await this.#code.remove(replaced);
    }
  }

  async tag(
    context: RequestContext,
    resource: string | undefined,
    update: (tags: FunctionRecord['tags']) => FunctionRecord['tags'],
  ): Promise<object> {
    await this.change(context, { FunctionName: resource }, (record) => ({ ...record, tags: update(record.tags) }));
    return {};
  }

  accountSettings({ caller }: RequestContext): GetAccountSettingsResponse {
    const sizes = [...this.#records.list(partitionOf(caller))].map(([, record]) => record.configuration.CodeSize ?? 0);
    return {
      AccountLimit: ACCOUNT_LIMIT,
      AccountUsage: { TotalCodeSize: sizes.reduce((sum, size) => sum + size, 0), FunctionCount: sizes.length },
    };
  }
}

function checkRevision(record: FunctionRecord, expected: string | undefined): void {
  if (expected === undefined || expected === record.configuration.RevisionId) return;
  throw new ServiceError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve ' +
      'the latest Revision Id',
    { members: { Type: 'User' } },
  );
}

/** A version's ARN is qualified. */
function versioned(configuration: FunctionConfiguration): FunctionConfiguration {
  return { ...configuration, FunctionArn: `${configuration.FunctionArn}:$LATEST` };
}
