import type { Handler } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import type { ControlContext } from './control-context.js';
import { MAX_ACCOUNT_UNITS, MAX_TABLE_UNITS } from './throughput-rules.js';

/** The default quotas of an account. */
export const describeLimits: Handler = () => ({
  AccountMaxReadCapacityUnits: MAX_ACCOUNT_UNITS,
  AccountMaxWriteCapacityUnits: MAX_ACCOUNT_UNITS,
  TableMaxReadCapacityUnits: MAX_TABLE_UNITS,
  TableMaxWriteCapacityUnits: MAX_TABLE_UNITS,
});

/**
 * The endpoint that serves this engine. Not the name that AWS would give: a client that discovers endpoints would
 * follow it to AWS.
 */
export function describeEndpoints(context: ControlContext): Handler {
  return () => {
    if (context.endpointAddress === undefined) {
      throw new DynamoError('UnknownOperationException', 'The operation DescribeEndpoints is not emulated.');
    }
    return { Endpoints: [{ Address: context.endpointAddress, CachePeriodInMinutes: 1440 }] };
  };
}
