import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { metricIdentity } from '../../kernel/metrics-port.js';

/**
 * Counts one in a metric of AWS/Backup, by vault and by kind of resource.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
 */
export async function measure(
  { clock, ports }: Kernel,
  { accountId, region, vaultName }: Caller & { readonly vaultName: string },
  name: string,
): Promise<void> {
  const values = { sum: 1, count: 1, minimum: 1, maximum: 1 };
  const dimensions: Readonly<Record<string, string>>[] = [
    { BackupVaultName: vaultName },
    { ResourceType: 'DynamoDB' },
    { BackupVaultName: vaultName, ResourceType: 'DynamoDB' },
  ];
  await ports.metrics.add(
    { accountId, region },
    dimensions.map((each) => ({
      metric: metricIdentity('AWS/Backup', name, each),
      timeMs: clock.nowMs(),
      unit: 'Count',
      values,
    })),
  );
}
