import type {
  GetLayerVersionResponse,
  Layer,
  ListLayersCommandInput,
  ListLayersResponse,
  ListLayerVersionsCommandInput,
  ListLayerVersionsResponse,
  PublishLayerVersionCommandInput,
  PublishLayerVersionResponse,
} from '@aws-sdk/client-lambda';
import { type Caller, partitionOf } from '../../../kernel/caller.js';
import type { Kernel } from '../../../kernel/kernel.js';
import { Records } from '../../../kernel/records.js';
import type { RequestContext } from '../../service.js';
import { type FunctionCatalog, versionName } from '../functions/function-catalog.js';
import { codeFacts, zipOf } from '../functions/function-code.js';
import { pageOf } from '../functions/page-of.js';
import { constraintError, invalidParameter, notFound } from '../lambda-errors.js';
import type { LayerRecord } from './layer-record.js';

interface OfLayerVersion {
  readonly LayerName: string | undefined;
  readonly VersionNumber: number | undefined;
}

const LAYER_ARN = /^arn:aws[a-zA-Z-]*:lambda:([a-z0-9-]+):(\d{12}):layer:([a-zA-Z0-9-_]{1,140})(?::(\d+))?$/;

/** Layers: archives that functions' environments find under /opt. https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html */
export class Layers {
  /** Highest version that was ever given, by name: numbers are not given twice. */
  readonly #lastVersions: Records<number>;

  constructor(
    private readonly kernel: Kernel,
    private readonly catalog: FunctionCatalog,
  ) {
    this.#lastVersions = new Records(kernel.store, 'lambda.layer-numbers');
  }

  async publish(
    { caller }: RequestContext,
    input: PublishLayerVersionCommandInput,
  ): Promise<PublishLayerVersionResponse> {
    const name = layerName(input.LayerName);
    const zip = await zipOf(this.kernel, caller, input.Content);
    const codeFile = await this.catalog.writeCode(zip);
    const partition = partitionOf(caller);
    const { CompatibleRuntimes, CompatibleArchitectures, LicenseInfo } = input;
    return this.kernel.store.change((writer) => {
      const version = (this.#lastVersions.getFrom(writer, partition, name) ?? 0) + 1;
      const description: GetLayerVersionResponse = {
        Content: { Location: '', ...codeFacts(zip) },
        LayerArn: layerArn(caller, name),
        LayerVersionArn: `${layerArn(caller, name)}:${version}`,
        Description: input.Description ?? '',
        CreatedDate: new Date(this.kernel.clock.nowMs()).toISOString().replace('Z', '+0000'),
        Version: version,
        ...(CompatibleRuntimes === undefined ? {} : { CompatibleRuntimes }),
        ...(CompatibleArchitectures === undefined ? {} : { CompatibleArchitectures }),
        ...(LicenseInfo === undefined ? {} : { LicenseInfo }),
      };
      this.#lastVersions.putIn(writer, partition, name, version);
      this.catalog.layers.putIn(writer, partition, versionName(name, version), { name, description, codeFile });
      return description;
    });
  }

  get({ caller }: RequestContext, input: OfLayerVersion): GetLayerVersionResponse {
    const { LayerName, VersionNumber } = input;
    const name = layerName(LayerName);
    const record = this.catalog.layers.get(partitionOf(caller), versionName(name, VersionNumber ?? 0));
    if (record === undefined || record.isDeleted === true) {
      throw notFound('The resource you requested does not exist.');
    }
    return record.description;
  }

  getByArn(context: RequestContext, input: { readonly Arn: string | undefined }): GetLayerVersionResponse {
    const [, , , name, version] = LAYER_ARN.exec(input.Arn ?? '') ?? [];
    return this.get(context, { LayerName: name, VersionNumber: Number(version) });
  }

  list({ caller }: RequestContext, input: ListLayersCommandInput): ListLayersResponse {
    const latest = new Map<string, LayerRecord>();
    for (const [, record] of this.catalog.layers.list(partitionOf(caller))) {
      if (record.isDeleted !== true) latest.set(record.name, record);
    }
    const { items, next } = pageOf([...latest.values()], input);
    return {
      Layers: items.map(({ name, description }) => ({
        LayerName: name,
        LayerArn: description.LayerArn,
        LatestMatchingVersion: summaryOf(description),
      })),
      ...(next === undefined ? {} : { NextMarker: next }),
    };
  }

  listVersions({ caller }: RequestContext, input: ListLayerVersionsCommandInput): ListLayerVersionsResponse {
    const name = layerName(input.LayerName);
    const all = [...this.catalog.layers.list(partitionOf(caller), { prefix: `${name}:` })];
    const present = all.filter(([, record]) => record.isDeleted !== true);
    const { items, next } = pageOf(present.reverse(), input);
    return {
      LayerVersions: items.map(([, { description }]) => summaryOf(description)),
      ...(next === undefined ? {} : { NextMarker: next }),
    };
  }

  /** It can no longer be found or added to a function; functions that have it keep it, as on AWS. */
  async remove({ caller }: RequestContext, input: OfLayerVersion): Promise<object> {
    const name = versionName(layerName(input.LayerName), input.VersionNumber ?? 0);
    await this.kernel.store.change((writer) => {
      const record = this.catalog.layers.getFrom(writer, partitionOf(caller), name);
      if (record !== undefined)
        this.catalog.layers.putIn(writer, partitionOf(caller), name, { ...record, isDeleted: true });
    });
    return {};
  }

  /** What a function's configuration says of a layer version given by ARN. */
  use(arn: string): Layer {
    const { description, isDeleted } = this.#find(arn);
    if (isDeleted === true) throw invalidParameter(`Layer version ${arn} does not exist.`);
    return { Arn: arn, CodeSize: description.Content?.CodeSize };
  }

  /** The archive of a layer version. */
  codeFile(arn: string): string {
    return this.#find(arn).codeFile;
  }

  #find(arn: string): LayerRecord {
    const [, region = '', accountId = '', name = '', version] = LAYER_ARN.exec(arn) ?? [];
    const record =
      version === undefined
        ? undefined
        : this.catalog.layers.get(partitionOf({ accountId, region }), versionName(name, version));
    if (record === undefined) throw invalidParameter(`Layer version ${arn} does not exist.`);
    return record;
  }
}

function summaryOf({ Content: _, LayerArn: __, ...summary }: GetLayerVersionResponse) {
  return summary;
}

function layerArn(caller: Caller, name: string): string {
  return `arn:aws:lambda:${caller.region}:${caller.accountId}:layer:${name}`;
}

function layerName(given: string | undefined): string {
  const name = LAYER_ARN.exec(given ?? '')?.[3] ?? given ?? '';
  if (/^[a-zA-Z0-9-_]{1,140}$/.test(name)) return name;
  const pattern = '((arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+)';
  throw constraintError(given, 'layerName', `Member must satisfy regular expression pattern: ${pattern}`);
}
