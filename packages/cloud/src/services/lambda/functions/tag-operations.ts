import type { ListTagsResponse, TagResourceCommandInput, UntagResourceCommandInput } from '@aws-sdk/client-lambda';
import { type Caller, partitionOf } from '../../../kernel/caller.js';
import type { RequestContext } from '../../service.js';
import type { LambdaParts } from '../lambda-parts.js';
import type { EventSourceMappings } from '../mappings/event-source-mappings.js';
import { parseFunctionName } from './function-name.js';

type Tags = Readonly<Record<string, string>>;

/** Tags of functions and of event source mappings, which requests name by ARN. */
export class TagOperations {
  constructor(
    private readonly parts: LambdaParts,
    private readonly mappings: EventSourceMappings,
  ) {}

  list({ caller }: RequestContext, input: { readonly Resource: string | undefined }): ListTagsResponse {
    const { catalog } = this.parts;
    const uuid = mappingOf(input.Resource);
    if (uuid !== undefined) return { Tags: { ...this.mappings.find(caller, uuid).tags } };
    return { Tags: { ...catalog.find(caller, { FunctionName: input.Resource }).tags } };
  }

  tag({ caller }: RequestContext, input: TagResourceCommandInput): Promise<object> {
    return this.#change(caller, input.Resource, (tags) => ({ ...tags, ...input.Tags }));
  }

  untag({ caller }: RequestContext, input: UntagResourceCommandInput): Promise<object> {
    return this.#change(caller, input.Resource, (tags) =>
      Object.fromEntries(Object.entries(tags).filter(([name]) => !input.TagKeys?.includes(name))),
    );
  }

  async #change(caller: Caller, resource: string | undefined, update: (tags: Tags) => Tags): Promise<object> {
    const { kernel, catalog } = this.parts;
    const uuid = mappingOf(resource);
    if (uuid !== undefined) {
      await this.mappings.tag(caller, uuid, update);
      return {};
    }
    const { name, arn } = parseFunctionName(caller, resource);
    await kernel.store.change((writer) => {
      const record = catalog.inChange(writer, caller, name, arn);
      catalog.functions.putIn(writer, partitionOf(caller), name, { ...record, tags: update(record.tags) });
    });
    return {};
  }
}

/** The UUID in a mapping's ARN. */
function mappingOf(resource: string | undefined): string | undefined {
  return /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:event-source-mapping:(.+)$/.exec(resource ?? '')?.[1];
}
