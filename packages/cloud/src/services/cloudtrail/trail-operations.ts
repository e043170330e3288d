import type * as CloudTrail from '@aws-sdk/client-cloudtrail';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';

/** A trail as it is kept: settings alone. */
interface TrailSettings extends Caller {
  readonly name: string;
  readonly settings: Omit<CloudTrail.CreateTrailRequest, 'Name' | 'TagsList'>;
  readonly tags: readonly CloudTrail.Tag[];
  readonly isLogging: boolean;
  readonly startedMs?: number;
  readonly stoppedMs?: number;
  readonly selectors?: Pick<CloudTrail.PutEventSelectorsRequest, 'EventSelectors' | 'AdvancedEventSelectors'>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/;
const DEFAULT_SELECTOR: CloudTrail.EventSelector = {
  ReadWriteType: 'All',
  IncludeManagementEvents: true,
  DataResources: [],
  ExcludeManagementEventSources: [],
};

/** Trails: settings that are kept and told; nothing is delivered to their buckets. */
export function trailOperations(kernel: Kernel) {
  const trails = new Records<TrailSettings>(kernel.store, 'cloudtrail.trails');

  function open({ caller }: RequestContext, nameOrArn: string | undefined): TrailSettings {
    const name = nameOrArn?.split(':trail/').at(-1) ?? '';
    const trail = trails.get(partitionOf(caller), name);
    if (trail === undefined) {
      throw new ServiceError('TrailNotFoundException', `Unknown trail: ${nameOrArn} for the user: ${caller.accountId}`);
    }
    return trail;
  }

  async function put(trail: TrailSettings): Promise<void> {
    await trails.put(partitionOf(trail), trail.name, trail);
  }

  async function retag(
    context: RequestContext,
    arn: string | undefined,
    change: (tags: readonly CloudTrail.Tag[]) => CloudTrail.Tag[],
  ): Promise<object> {
    const trail = open(context, arn);
    await put({ ...trail, tags: change(trail.tags) });
    return {};
  }

  return {
    async create(
      context: RequestContext,
      input: CloudTrail.CreateTrailCommandInput,
    ): Promise<CloudTrail.CreateTrailResponse> {
      const { Name: name = '', TagsList: tags = [], ...settings } = input;
      if (!NAME.test(name)) {
        throw new ServiceError(
          'InvalidTrailNameException',
          `Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_): ${name}`,
        );
      }
      if (settings.S3BucketName === undefined)
        throw new ServiceError('InvalidS3BucketNameException', 'S3BucketName is required');
      if (trails.get(partitionOf(context.caller), name) !== undefined) {
        throw new ServiceError(
          'TrailAlreadyExistsException',
          `Trail ${name} already exists for customer: ${context.caller.accountId}`,
        );
      }
      const trail: TrailSettings = { ...context.caller, name, settings, tags, isLogging: false };
      await put(trail);
      return shown(trail);
    },

    async update(
      context: RequestContext,
      input: CloudTrail.UpdateTrailCommandInput,
    ): Promise<CloudTrail.UpdateTrailResponse> {
      const { Name: name, ...changes } = input;
      const trail = open(context, name);
      const after = { ...trail, settings: { ...trail.settings, ...changes } };
      await put(after);
      return shown(after);
    },

    async remove(context: RequestContext, input: CloudTrail.DeleteTrailCommandInput): Promise<object> {
      const trail = open(context, input.Name);
      await trails.delete(partitionOf(trail), trail.name);
      return {};
    },

    get(context: RequestContext, input: CloudTrail.GetTrailCommandInput): CloudTrail.GetTrailResponse {
      return { Trail: shown(open(context, input.Name)) };
    },

    describe(
      { caller }: RequestContext,
      input: CloudTrail.DescribeTrailsCommandInput,
    ): CloudTrail.DescribeTrailsResponse {
      const names = (input.trailNameList ?? []).map((one) => one.split(':trail/').at(-1));
      const found = [...trails.list(partitionOf(caller))].map(([, trail]) => trail);
      return { trailList: found.filter(({ name }) => names.length === 0 || names.includes(name)).map(shown) };
    },

    list({ caller }: RequestContext): CloudTrail.ListTrailsResponse {
      const found = [...trails.list(partitionOf(caller))].map(([, trail]) => trail);
      return {
        Trails: found.map((trail) => ({ TrailARN: trailArn(trail), Name: trail.name, HomeRegion: trail.region })),
      };
    },

    status(context: RequestContext, input: CloudTrail.GetTrailStatusCommandInput): CloudTrail.GetTrailStatusResponse {
      const { isLogging, startedMs, stoppedMs } = open(context, input.Name);
      return {
        IsLogging: isLogging,
        ...(startedMs !== undefined && { StartLoggingTime: new Date(startedMs) }),
        ...(stoppedMs !== undefined && { StopLoggingTime: new Date(stoppedMs) }),
      };
    },

    async start(context: RequestContext, input: CloudTrail.StartLoggingCommandInput): Promise<object> {
      await put({ ...open(context, input.Name), isLogging: true, startedMs: kernel.clock.nowMs() });
      return {};
    },

    async stop(context: RequestContext, input: CloudTrail.StopLoggingCommandInput): Promise<object> {
      await put({ ...open(context, input.Name), isLogging: false, stoppedMs: kernel.clock.nowMs() });
      return {};
    },

    async select(
      context: RequestContext,
      input: CloudTrail.PutEventSelectorsCommandInput,
    ): Promise<CloudTrail.PutEventSelectorsResponse> {
      const trail = open(context, input.TrailName);
      const { EventSelectors, AdvancedEventSelectors } = input;
      await put({ ...trail, selectors: { EventSelectors, AdvancedEventSelectors } });
      return { TrailARN: trailArn(trail), EventSelectors, AdvancedEventSelectors };
    },

    selectors(
      context: RequestContext,
      input: CloudTrail.GetEventSelectorsCommandInput,
    ): CloudTrail.GetEventSelectorsResponse {
      const trail = open(context, input.TrailName);
      return { TrailARN: trailArn(trail), ...(trail.selectors ?? { EventSelectors: [DEFAULT_SELECTOR] }) };
    },

    insights(
      context: RequestContext,
      input: CloudTrail.GetInsightSelectorsCommandInput,
    ): CloudTrail.GetInsightSelectorsResponse {
      const trail = open(context, input.TrailName);
      throw new ServiceError('InsightNotEnabledException', `Trail ${trail.name} does not have Insights enabled.`);
    },

    tags(context: RequestContext, input: CloudTrail.ListTagsCommandInput): CloudTrail.ListTagsResponse {
      return {
        ResourceTagList: (input.ResourceIdList ?? []).map((ResourceId) => ({
          ResourceId,
          TagsList: [...open(context, ResourceId).tags],
        })),
      };
    },

    tag(context: RequestContext, input: CloudTrail.AddTagsCommandInput): Promise<object> {
      const added = input.TagsList ?? [];
      const keys = added.map(({ Key }) => Key);
      return retag(context, input.ResourceId, (tags) => [...tags.filter(({ Key }) => !keys.includes(Key)), ...added]);
    },

    untag(context: RequestContext, input: CloudTrail.RemoveTagsCommandInput): Promise<object> {
      const keys = (input.TagsList ?? []).map(({ Key }) => Key);
      return retag(context, input.ResourceId, (tags) => tags.filter(({ Key }) => !keys.includes(Key)));
    },
  };
}

function trailArn({ region, accountId, name }: TrailSettings): string {
  return `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}`;
}

function shown(trail: TrailSettings): CloudTrail.Trail & { readonly Name: string } {
  const { settings } = trail;
  return {
    Name: trail.name,
    S3BucketName: settings.S3BucketName,
    ...(settings.S3KeyPrefix !== undefined && { S3KeyPrefix: settings.S3KeyPrefix }),
    IncludeGlobalServiceEvents: settings.IncludeGlobalServiceEvents ?? true,
    IsMultiRegionTrail: settings.IsMultiRegionTrail ?? false,
    HomeRegion: trail.region,
    TrailARN: trailArn(trail),
    LogFileValidationEnabled: settings.EnableLogFileValidation ?? false,
    ...(settings.CloudWatchLogsLogGroupArn !== undefined && {
      CloudWatchLogsLogGroupArn: settings.CloudWatchLogsLogGroupArn,
    }),
    ...(settings.CloudWatchLogsRoleArn !== undefined && { CloudWatchLogsRoleArn: settings.CloudWatchLogsRoleArn }),
    ...(settings.KmsKeyId !== undefined && { KmsKeyId: settings.KmsKeyId }),
    HasCustomEventSelectors: trail.selectors !== undefined,
    HasInsightSelectors: false,
    IsOrganizationTrail: settings.IsOrganizationTrail ?? false,
  };
}
