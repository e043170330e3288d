import type {
  AliasConfiguration,
  CreateAliasCommandInput,
  FunctionConfiguration,
  ListAliasesCommandInput,
  ListAliasesResponse,
  ListVersionsByFunctionCommandInput,
  ListVersionsByFunctionResponse,
  PublishVersionCommandInput,
  UpdateAliasCommandInput,
} from '@aws-sdk/client-lambda';
import { type Caller, partitionOf } from '../../../kernel/caller.js';
import type { RequestContext } from '../../service.js';
import { checkRevision, conflict, constraintError, functionNotFound, invalidParameter } from '../lambda-errors.js';
import type { LambdaParts } from '../lambda-parts.js';
import { versionName } from './function-catalog.js';
import { parseFunctionName } from './function-name.js';
import { unpublished } from './function-operations.js';
import type { AliasRecord } from './function-record.js';
import { pageOf } from './page-of.js';
import { publish } from './publish-version.js';

interface OfAlias {
  readonly FunctionName: string | undefined;
  readonly Name: string | undefined;
}

/**
 * Versions and aliases. https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
 */
export class VersionOperations {
  constructor(private readonly parts: LambdaParts) {}

  publish({ caller }: RequestContext, input: PublishVersionCommandInput): Promise<FunctionConfiguration> {
    const { kernel, catalog } = this.parts;
    const { name, arn } = parseFunctionName(caller, input.FunctionName);
    return kernel.store.change((writer) => {
      const record = catalog.inChange(writer, caller, name, arn);
      const { CodeSha256, RevisionId } = record.configuration;
      checkRevision(RevisionId, input.RevisionId);
      if (input.CodeSha256 !== undefined && input.CodeSha256 !== '' && input.CodeSha256 !== CodeSha256) {
        throw invalidParameter(
          `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${CodeSha256}). ` +
            'Please try again with the CodeSHA256 in $LATEST.',
        );
      }
      return publish(this.parts, writer, caller, name, record, input.Description);
    });
  }

  listVersions({ caller }: RequestContext, input: ListVersionsByFunctionCommandInput): ListVersionsByFunctionResponse {
    const { catalog } = this.parts;
    const { name } = parseFunctionName(caller, input.FunctionName);
    const latest = unpublished(catalog.find(caller, input).configuration);
    const all = [latest, ...catalog.versionsOf(caller, name).map(({ configuration }) => configuration)];
    const { items, next } = pageOf(all, input);
    return { Versions: items, ...(next === undefined ? {} : { NextMarker: next }) };
  }

  createAlias({ caller }: RequestContext, input: CreateAliasCommandInput): Promise<AliasConfiguration> {
    const { kernel, catalog } = this.parts;
    const { name, arn } = parseFunctionName(caller, input.FunctionName);
    const alias = aliasName(input.Name);
    return kernel.store.change((writer) => {
      catalog.inChange(writer, caller, name, arn);
      if (catalog.aliases.getFrom(writer, partitionOf(caller), `${name}:${alias}`) !== undefined) {
        throw conflict(`Alias already exists: ${arn}:${alias}`);
      }
      const record: AliasRecord = {
        name: alias,
        version: input.FunctionVersion ?? '',
        description: input.Description ?? '',
        additionalWeights: input.RoutingConfig?.AdditionalVersionWeights ?? {},
        revisionId: kernel.random.uuid(),
      };
      this.#checkVersions(caller, name, arn, record);
      catalog.aliases.putIn(writer, partitionOf(caller), `${name}:${alias}`, record);
      return aliasConfiguration(arn, record);
    });
  }

  updateAlias({ caller }: RequestContext, input: UpdateAliasCommandInput): Promise<AliasConfiguration> {
    const { kernel, catalog } = this.parts;
    const { name, arn } = parseFunctionName(caller, input.FunctionName);
    const alias = aliasName(input.Name);
    return kernel.store.change((writer) => {
      catalog.inChange(writer, caller, name, arn);
      const present = catalog.alias(caller, name, arn, alias);
      checkRevision(present.revisionId, input.RevisionId);
      const record: AliasRecord = {
        ...present,
        version: input.FunctionVersion ?? present.version,
        description: input.Description ?? present.description,
        additionalWeights: input.RoutingConfig?.AdditionalVersionWeights ?? present.additionalWeights,
        revisionId: kernel.random.uuid(),
      };
      this.#checkVersions(caller, name, arn, record);
      catalog.aliases.putIn(writer, partitionOf(caller), `${name}:${alias}`, record);
      return aliasConfiguration(arn, record);
    });
  }

  getAlias({ caller }: RequestContext, input: OfAlias): AliasConfiguration {
    const { name, arn } = parseFunctionName(caller, input.FunctionName);
    return aliasConfiguration(arn, this.parts.catalog.alias(caller, name, arn, aliasName(input.Name)));
  }

  listAliases({ caller }: RequestContext, input: ListAliasesCommandInput): ListAliasesResponse {
    const { catalog } = this.parts;
    const { name, arn } = parseFunctionName(caller, input.FunctionName);
    catalog.find(caller, input);
    const { FunctionVersion } = input;
    const all = catalog
      .aliasesOf(caller, name)
      .filter(({ version }) => FunctionVersion === undefined || version === FunctionVersion);
    const { items, next } = pageOf(all, input);
    const Aliases = items.map((record) => aliasConfiguration(arn, record));
    return { Aliases, ...(next === undefined ? {} : { NextMarker: next }) };
  }

  async deleteAlias({ caller }: RequestContext, input: OfAlias): Promise<object> {
    const { catalog, policies, eventConfigs, kernel } = this.parts;
    const { name } = parseFunctionName(caller, input.FunctionName);
    const alias = aliasName(input.Name);
    // Deleting what is not there succeeds, as on AWS.
    await kernel.store.change((writer) => {
      catalog.aliases.deleteIn(writer, partitionOf(caller), `${name}:${alias}`);
      policies.removeIn(writer, caller, name, alias);
      eventConfigs.removeIn(writer, caller, name, alias);
    });
    return {};
  }

  #checkVersions(caller: Caller, name: string, arn: string, { version, additionalWeights }: AliasRecord): void {
    const { catalog } = this.parts;
    for (const one of [version, ...Object.keys(additionalWeights)]) {
      const isThere =
        one === '$LATEST' || catalog.versions.get(partitionOf(caller), versionName(name, one)) !== undefined;
      if (!isThere) throw functionNotFound(`${arn}:${one}`);
    }
    const others = Object.entries(additionalWeights);
    if (others.length > 0 && version === '$LATEST') {
      throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
    }
    if (others.some(([, weight]) => !(weight >= 0 && weight <= 1))) {
      throw invalidParameter('Each additional version weight must be between 0.0 and 1.0');
    }
    if (others.some(([one]) => one === version)) {
      throw invalidParameter(
        `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
      );
    }
  }
}

function aliasName(name: string | undefined): string {
  const isName = name !== undefined && /^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/.test(name);
  if (isName) return name;
  const pattern = '(?!^[0-9]+$)([a-zA-Z0-9-_]+)';
  throw constraintError(name, 'name', `Member must satisfy regular expression pattern: ${pattern}`);
}

function aliasConfiguration(arn: string, record: AliasRecord): AliasConfiguration {
  const { name, version, description, additionalWeights, revisionId } = record;
  return {
    AliasArn: `${arn}:${name}`,
    Name: name,
    FunctionVersion: version,
    Description: description,
    ...(Object.keys(additionalWeights).length === 0
      ? {}
      : { RoutingConfig: { AdditionalVersionWeights: { ...additionalWeights } } }),
    RevisionId: revisionId,
  };
}
