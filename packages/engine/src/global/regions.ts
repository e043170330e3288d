import { partitionOf } from '../catalog/arn.js';
import { validationError } from '../errors.js';

/** Where replicas can be, by partition (https://docs.aws.amazon.com/general/latest/gr/ddb.html). */
const REGIONS: Readonly<Record<string, readonly string[]>> = {
  aws: [
    ...['ap-south-2', 'ap-south-1', 'eu-south-1', 'eu-south-2', 'me-central-1', 'il-central-1', 'ca-central-1'],
    ...['eu-central-1', 'mx-central-1', 'eu-central-2', 'us-west-1', 'us-west-2', 'af-south-1', 'eu-north-1'],
    ...['eu-west-3', 'eu-west-2', 'eu-west-1', 'ap-northeast-3', 'ap-northeast-2', 'me-south-1', 'ap-northeast-1'],
    ...['sa-east-1', 'ap-east-1', 'ap-east-2', 'ca-west-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3'],
    ...['ap-southeast-4', 'ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'us-east-1', 'us-east-2'],
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};

/** Whether DynamoDB is there. */
export function isDynamoRegion(region: string, partition: string): boolean {
  return REGIONS[partition]?.includes(region) ?? false;
}

/** @param home a region of the global table: replicas stay in its partition */
export function checkReplicaRegion(region: string, home: string): void {
  const regions = REGIONS[partitionOf(home)] ?? [];
  if (regions.includes(region)) return;
  throw validationError(
    `Region ${region} is not supported. The latest version of global tables are only supported in the following ` +
      `regions: [${regions.join(', ')}]`,
  );
}
