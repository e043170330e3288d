import { DynamoError } from '../errors.js';

export type Direction = 'Read' | 'Write';

/** Which limit a request met. The fourth of AWS's, AccountLimit, is not emulated. */
export type LimitType = 'ProvisionedThroughput' | 'KeyRangeThroughput' | 'MaxOnDemandThroughput';

/** AWS's words for it, e.g. `IndexWriteProvisionedThroughputExceeded` (docs: API_ThrottlingReason). */
export type ThrottlingReasonName = `${'Table' | 'Index'}${Direction}${LimitType | 'AccountLimit'}Exceeded`;

/** One limit that a request met. */
export interface Throttle {
  readonly direction: Direction;
  readonly limit: LimitType;
  readonly isOnDemand: boolean;
  /** Undefined for the table itself. */
  readonly indexName: string | undefined;
  /** ARN of the table or index. */
  readonly resource: string;
}

export function reasonName({ direction, limit, indexName }: Throttle): ThrottlingReasonName {
  return `${indexName === undefined ? 'Table' : 'Index'}${direction}${limit}Exceeded`;
}

const TABLE_PROVISIONED =
  'The level of configured provisioned throughput for the table was exceeded. ' +
  'Consider increasing your provisioning level with the UpdateTable API.';
const INDEX_WRITE_PROVISIONED =
  'The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. ' +
  'Consider increasing your provisioning level for the under-provisioned global secondary indexes with the ' +
  'UpdateTable API.';
const INDEX_READ_PROVISIONED =
  'The level of configured provisioned throughput for the index was exceeded. ' +
  'Consider increasing your provisioning level with the UpdateTable API.';
const ON_DEMAND_SCALING =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or ' +
  'index so please try again shortly. If exceptions persist, check if you have a hot key: ' +
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html';
const INDEX_WRITE_SCALING =
  'Throughput exceeds the current capacity for one or more global secondary indexes. DynamoDB is automatically ' +
  'scaling your index so please try again shortly.';
const ON_DEMAND_MAXIMUM = 'Throughput exceeds the maximum OnDemandThroughput configured on table or index';

/**
 * The error for the limits that one request met, at least one (docs: throttling-diagnosing, gsi-throttling; the
 * messages are those of TransactionCanceledException's reasons in the API reference; that of a throttled read of an
 * index is from the former page). The two errors name their list of reasons differently, in the API model, too.
 */
export function throttleError(throttles: readonly [Throttle, ...Throttle[]]): DynamoError {
  const first = throttles[0];
  const reasons = throttles.map((throttle) => ({ reason: reasonName(throttle), resource: throttle.resource }));
  return first.isOnDemand
    ? new DynamoError('ThrottlingException', onDemandMessage(first), { throttlingReasons: reasons })
    : new DynamoError('ProvisionedThroughputExceededException', provisionedMessage(first), {
        ThrottlingReasons: reasons,
      });
}

function onDemandMessage({ limit, indexName, direction }: Throttle): string {
  if (limit === 'MaxOnDemandThroughput') return ON_DEMAND_MAXIMUM;
  return indexName !== undefined && direction === 'Write' ? INDEX_WRITE_SCALING : ON_DEMAND_SCALING;
}

function provisionedMessage({ indexName, direction }: Throttle): string {
  if (indexName === undefined) return TABLE_PROVISIONED;
  return direction === 'Write' ? INDEX_WRITE_PROVISIONED : INDEX_READ_PROVISIONED;
}
