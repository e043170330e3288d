// The settings that have calls of their own: point-in-time recovery, time to live, tags.
import {
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { awsErrorName } from '../../aws/aws-error.js';
import type { JsonObject } from '../../json-value.js';
import type { ResourceContext } from '../resource-handler.js';
import { waitUntil } from '../wait-until.js';
import { readTags } from './read-table.js';
import { waitUntilTtlSettled } from './wait-for-table.js';

export async function setRecovery(
  context: ResourceContext,
  name: string,
  enabled: boolean,
  timeoutMs: number,
): Promise<void> {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: enabled };
  await waitUntil(context, `point-in-time recovery of table ${name}`, timeoutMs, async () => {
    try {
      const input = { TableName: name, PointInTimeRecoverySpecification };
      const output = await context.dynamodb.send(new UpdateContinuousBackupsCommand(input));
      return output.ContinuousBackupsDescription !== undefined;
    } catch (error) {
      // A new table's backups are still being enabled.
      if (awsErrorName(error) === 'ContinuousBackupsUnavailableException') return false;
      throw error;
    }
  });
}

export async function setTimeToLive(
  context: ResourceContext,
  name: string,
  attributeName: string,
  enabled: boolean,
  timeoutMs: number,
): Promise<void> {
  const TimeToLiveSpecification = { AttributeName: attributeName, Enabled: enabled };
  await context.dynamodb.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
  await waitUntilTtlSettled(context, name, timeoutMs);
}

/** Makes the table's tags those in `wanted`; tags that AWS sets are left alone. */
export async function setTags(context: ResourceContext, arn: string, wanted: JsonObject): Promise<void> {
  const current = await readTags(context, arn);
  const gone = Object.keys(current).filter((key) => !Object.hasOwn(wanted, key));
  const changed = Object.entries(wanted).filter(([key, value]) => current[key] !== value);
  if (gone.length > 0) await context.dynamodb.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: gone }));
  if (changed.length === 0) return;
  const Tags = changed.map(([Key, value]) => ({ Key, Value: String(value) }));
  await context.dynamodb.send(new TagResourceCommand({ ResourceArn: arn, Tags }));
}
