import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import type { LogGroupRecord } from './log-record.js';
import type { LogStore } from './log-store.js';
import { constraint, groupExists, groupNotFound, invalidParameter } from './logs-errors.js';
import { checkGroupName, groupNameOf, groupOfArn } from './names.js';
import { limited, pageOf } from './page.js';
import type { Retention } from './retention.js';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const MAX_TAGS = 50;

/** Log groups: their life, retention, key and tags. */
export function groupOperations(store: LogStore, retention: Retention) {
  async function update(
    caller: Caller,
    name: string,
    change: (group: LogGroupRecord) => LogGroupRecord,
  ): Promise<void> {
    const partition = partitionOf(caller);
    await store.kernel.store.change((writer) => {
      const group = store.groups.getFrom(writer, partition, name);
      if (group === undefined) throw groupNotFound();
      store.groups.putIn(writer, partition, name, change(group));
    });
  }

  async function tag(caller: Caller, name: string, tags: Record<string, string>): Promise<void> {
    await update(caller, name, (group) => {
      const merged = { ...group.tags, ...tags };
      checkTags(merged);
      return { ...group, tags: merged };
    });
  }

  async function untag(caller: Caller, name: string, names: readonly string[]): Promise<void> {
    await update(caller, name, (group) => ({
      ...group,
      tags: Object.fromEntries(Object.entries(group.tags).filter(([key]) => !names.includes(key))),
    }));
  }

  return {
    async create({ caller, kernel }: RequestContext, input: Logs.CreateLogGroupCommandInput): Promise<object> {
      const name = checkGroupName(input.logGroupName);
      const tags = input.tags ?? {};
      checkTags(tags);
      const kmsKeyId = input.kmsKeyId === undefined ? undefined : usableKey(kernel, caller, input.kmsKeyId);
      const group: LogGroupRecord = {
        name,
        createdMs: kernel.clock.nowMs(),
        logGroupClass: input.logGroupClass ?? 'STANDARD',
        deletionProtected: input.deletionProtectionEnabled === true,
        tags,
        storedBytes: 0,
        ...(kmsKeyId !== undefined && { kmsKeyId }),
      };
      await kernel.store.change((writer) => {
        if (store.groups.getFrom(writer, partitionOf(caller), name) !== undefined) throw groupExists();
        store.groups.putIn(writer, partitionOf(caller), name, group);
      });
      return {};
    },

    async remove({ caller }: RequestContext, input: Logs.DeleteLogGroupCommandInput): Promise<object> {
      const group = store.group(caller, checkGroupName(input.logGroupName));
      if (group.deletionProtected) {
        throw new ServiceError(
          'ValidationException',
          `Log group ${group.name} cannot be deleted because deletion protection is enabled.`,
        );
      }
      await store.deleteGroup(caller, group.name);
      return {};
    },

    describe({ caller }: RequestContext, input: Logs.DescribeLogGroupsCommandInput): Logs.DescribeLogGroupsResponse {
      const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern, logGroupIdentifiers: identifiers } = input;
      if (prefix !== '' && pattern !== undefined) {
        throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
      }
      const wanted = identifiers?.map((one) => groupOfArn(one) ?? one);
      const groups = [...store.groups.list(partitionOf(caller), { prefix })]
        .map(([, group]) => group)
        .filter(({ name }) => pattern === undefined || name.toLowerCase().includes(pattern.toLowerCase()))
        .filter(({ name }) => wanted === undefined || wanted.includes(name))
        .filter(({ logGroupClass }) => input.logGroupClass === undefined || logGroupClass === input.logGroupClass);
      const { page, nextToken } = pageOf(
        groups,
        ({ name }) => name,
        limited(input.limit, 'limit', 50),
        input.nextToken,
      );
      return { logGroups: page.map((group) => groupOf(store, caller, group)), ...(nextToken && { nextToken }) };
    },

    async retain({ caller }: RequestContext, input: Logs.PutRetentionPolicyCommandInput): Promise<object> {
      const name = checkGroupName(input.logGroupName);
      const retentionDays = input.retentionInDays;
      if (retentionDays === undefined || !RETENTION_DAYS.includes(retentionDays)) {
        throw constraint(
          retentionDays ?? null,
          'retentionInDays',
          `Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
        );
      }
      await update(caller, name, (group) => ({ ...group, retentionDays }));
      retention.changed();
      return {};
    },

    async retainForEver({ caller }: RequestContext, input: Logs.DeleteRetentionPolicyCommandInput): Promise<object> {
      await update(caller, checkGroupName(input.logGroupName), ({ retentionDays: _, ...group }) => group);
      return {};
    },

    async associateKey({ caller, kernel }: RequestContext, input: Logs.AssociateKmsKeyCommandInput): Promise<object> {
      const name = keyTarget(input);
      const kmsKeyId = usableKey(kernel, caller, input.kmsKeyId ?? '');
      await update(caller, name, (group) => ({ ...group, kmsKeyId }));
      return {};
    },

    async disassociateKey({ caller }: RequestContext, input: Logs.DisassociateKmsKeyCommandInput): Promise<object> {
      await update(caller, keyTarget(input), ({ kmsKeyId: _, ...group }) => group);
      return {};
    },

    async protect({ caller }: RequestContext, input: Logs.PutLogGroupDeletionProtectionCommandInput): Promise<object> {
      const deletionProtected = input.deletionProtectionEnabled === true;
      await update(caller, groupNameOf(input), (group) => ({ ...group, deletionProtected }));
      return {};
    },

    async tagGroup({ caller }: RequestContext, input: Logs.TagLogGroupCommandInput): Promise<object> {
      await tag(caller, checkGroupName(input.logGroupName), input.tags ?? {});
      return {};
    },

    async untagGroup({ caller }: RequestContext, input: Logs.UntagLogGroupCommandInput): Promise<object> {
      await untag(caller, checkGroupName(input.logGroupName), input.tags ?? []);
      return {};
    },

    groupTags({ caller }: RequestContext, input: Logs.ListTagsLogGroupCommandInput): Logs.ListTagsLogGroupResponse {
      return { tags: store.group(caller, checkGroupName(input.logGroupName)).tags };
    },

    async tagResource({ caller }: RequestContext, input: Logs.TagResourceCommandInput): Promise<object> {
      await tag(caller, resourceGroup(input.resourceArn), input.tags ?? {});
      return {};
    },

    async untagResource({ caller }: RequestContext, input: Logs.UntagResourceCommandInput): Promise<object> {
      await untag(caller, resourceGroup(input.resourceArn), input.tagKeys ?? []);
      return {};
    },

    resourceTags(
      { caller }: RequestContext,
      input: Logs.ListTagsForResourceCommandInput,
    ): Logs.ListTagsForResourceResponse {
      return { tags: store.group(caller, resourceGroup(input.resourceArn)).tags };
    },
  };
}

export function groupArn(caller: Caller, name: string): string {
  return `arn:aws:logs:${caller.region}:${caller.accountId}:log-group:${name}`;
}

function groupOf(store: LogStore, caller: Caller, group: LogGroupRecord): Logs.LogGroup {
  const arn = groupArn(caller, group.name);
  return {
    logGroupName: group.name,
    creationTime: group.createdMs,
    ...(group.retentionDays !== undefined && { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: store.storedBytes(caller, group),
    ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
    logGroupClass: group.logGroupClass,
    logGroupArn: arn,
    deletionProtectionEnabled: group.deletionProtected,
  };
}

function keyTarget(input: { logGroupName?: string | undefined; resourceIdentifier?: string | undefined }): string {
  if (input.logGroupName !== undefined) return checkGroupName(input.logGroupName);
  return resourceGroup(input.resourceIdentifier);
}

function resourceGroup(arn: string | undefined): string {
  const name = groupOfArn(arn ?? '');
  if (name === undefined) throw invalidParameter(`The resource ARN ${arn} is not that of a log group`);
  return name;
}

/** Only a key's ARN is taken, and the key must be there and usable. */
function usableKey(kernel: RequestContext['kernel'], caller: Caller, arn: string): string {
  if (!/^arn:aws[\w-]*:kms:[^:]+:\d{12}:(key|alias)\/.+$/.test(arn)) {
    throw invalidParameter(`The specified KMS Key Id ${arn} could not be found`);
  }
  try {
    const keyArn = kernel.ports.kms.keyArn(caller, arn);
    if (kernel.ports.kms.fault(keyArn) === undefined) return keyArn;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
  }
  throw invalidParameter('The specified KMS key does not exist or is not allowed to be used with LogGroup');
}

function checkTags(tags: Readonly<Record<string, string>>): void {
  const names = Object.keys(tags);
  if (names.length > MAX_TAGS) {
    throw new ServiceError('TooManyTagsException', `The number of tags exceeds the limit of ${MAX_TAGS}`);
  }
  for (const name of names) {
    if (name === '' || name.toLowerCase().startsWith('aws:')) throw invalidParameter(`Invalid tag key: ${name}`);
  }
}
