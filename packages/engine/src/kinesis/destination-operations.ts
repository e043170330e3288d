import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import type { DestinationRecord, TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { knownTable, tableNotFound } from '../control/table-errors.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { destinationStatus, isLive, remembered } from './destination-record.js';
import type { KinesisStreams } from './kinesis-outbox.js';

type Precision = NonNullable<DestinationRecord['precision']>;

interface DestinationInput {
  readonly TableName: string;
  readonly StreamArn: string;
  readonly EnableKinesisStreamingConfiguration?: { readonly ApproximateCreationDateTimePrecision?: Precision };
  readonly UpdateKinesisStreamingConfiguration?: { readonly ApproximateCreationDateTimePrecision?: Precision };
}

const BELONGS = 'The kinesis Arn used to enable kinesis replication belongs to a stream which is not in ';
const WRONG_STATE = 'Table is not in a valid state to enable Kinesis Streaming Destination: ';

/**
 * Whether a stream is there shows in the destination's status only, later: AWS takes any ARN.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
 */
export function kinesisOperations(context: ControlContext) {
  return {
    DescribeKinesisStreamingDestination: ((caller, input) => {
      const record = destinationTable(context, caller, input.TableName as string);
      const nowMs = context.clock.nowMs();
      const destinations = remembered(record, nowMs).map((one) => describe(one, nowMs));
      return { TableName: record.name, KinesisDataStreamDestinations: destinations };
    }) satisfies Handler,

    EnableKinesisStreamingDestination: (async (caller, given) => {
      const input = given as Record<string, unknown> & DestinationInput;
      if (context.kinesis === undefined) {
        throw new DynamoError('UnknownOperationException', 'EnableKinesisStreamingDestination is not emulated.');
      }
      const fault = faultOf(context.kinesis, input.StreamArn, caller);
      return change(context, caller, input, 'ENABLING', (others, current, nowMs, changes) => {
        if (others.some((one) => isLive(one, nowMs))) throw notOff();
        // One that is being switched off may be switched on again (recorded on AWS).
        const isGoingOff = current !== undefined && destinationStatus(current, nowMs) === 'DISABLING';
        if (current !== undefined && !isGoingOff && isLive(current, nowMs)) throw notOff();
        const precision = input.EnableKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision;
        return {
          streamArn: input.StreamArn,
          storageNumber: current?.storageNumber ?? changes.nextStorageNumber(),
          ...(precision !== undefined && { precision }),
          ...(fault !== undefined && { fault }),
        };
      });
    }) satisfies Handler,

    DisableKinesisStreamingDestination: (async (caller, given) => {
      const input = given as Record<string, unknown> & DestinationInput;
      if (input.EnableKinesisStreamingConfiguration !== undefined) {
        throw validationError('Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters');
      }
      return change(context, caller, input, 'DISABLING', (_others, current, nowMs) => {
        const status = current && destinationStatus(current, nowMs);
        if (current === undefined || (status !== 'ACTIVE' && status !== 'DISABLING')) {
          throw validationError(
            `${WRONG_STATE}KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.`,
          );
        }
        return { ...current, disabledMs: current.disabledMs ?? nowMs };
      });
    }) satisfies Handler,

    UpdateKinesisStreamingDestination: (async (caller, given) => {
      const input = given as Record<string, unknown> & DestinationInput;
      return change(context, caller, input, 'UPDATING', (_others, current, nowMs, _changes, record) => {
        const precision = input.UpdateKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision;
        if (precision === undefined) {
          throw validationError(
            'Streaming destination cannot be updated with given parameters: ' +
              'UpdateKinesisStreamingConfiguration cannot be null or contain only null values',
          );
        }
        if (current === undefined) {
          throw validationError(
            `${WRONG_STATE}No streaming destination with streamArn: ${input.StreamArn} found for table with ` +
              `tableName: ${record.name}`,
          );
        }
        if (destinationStatus(current, nowMs) !== 'ACTIVE') {
          throw validationError(
            `${WRONG_STATE}Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE state. ` +
              `TableName: ${record.name}, kdsArn: ${input.StreamArn}`,
          );
        }
        if ((current.precision ?? 'MILLISECOND') === precision) {
          throw validationError(
            `Invalid Request: Precision is already set to the desired value of ${precision} for tableId: ${record.id}, ` +
              `kdsArn: ${input.StreamArn}`,
          );
        }
        return { ...current, precision };
      });
    }) satisfies Handler,
  };
}

type Change = (
  others: readonly DestinationRecord[],
  current: DestinationRecord | undefined,
  nowMs: number,
  changes: CatalogWriter,
  record: TableRecord,
) => DestinationRecord;

/** The latest change comes first. */
async function change(
  context: ControlContext,
  caller: Caller,
  input: DestinationInput,
  changing: 'ENABLING' | 'DISABLING' | 'UPDATING',
  next: Change,
): Promise<Record<string, unknown>> {
  const name = await context.tables.change((changes) => {
    const record = destinationTable(context, caller, input.TableName);
    const nowMs = context.clock.nowMs();
    const all = remembered(record, nowMs);
    const others = all.filter(({ streamArn }) => streamArn !== input.StreamArn);
    const current = all.find(({ streamArn }) => streamArn === input.StreamArn);
    const settings = next(others, current, nowMs, changes, record);
    const { transitionDelayMs } = context;
    const changed = { ...settings, changing, settlesMs: nowMs + transitionDelayMs };
    changes.put({ ...record, kinesis: [changed, ...others] });
    return record.name;
  });
  const { UpdateKinesisStreamingConfiguration: update, EnableKinesisStreamingConfiguration: enable = {} } = input;
  return {
    TableName: name,
    StreamArn: input.StreamArn,
    DestinationStatus: changing,
    ...(changing === 'ENABLING' && { EnableKinesisStreamingConfiguration: enable }),
    ...(changing === 'UPDATING' && { UpdateKinesisStreamingConfiguration: update }),
  };
}

function describe(destination: DestinationRecord, nowMs: number): Record<string, unknown> {
  const status = destinationStatus(destination, nowMs);
  const { streamArn: StreamArn, fault: DestinationStatusDescription } = destination;
  if (status === 'ENABLE_FAILED') return { StreamArn, DestinationStatus: status, DestinationStatusDescription };
  // One that is off has no precision any more (recorded on AWS).
  const precision = status === 'DISABLED' ? undefined : destination.precision;
  return {
    StreamArn,
    DestinationStatus: status,
    ...(precision !== undefined && { ApproximateCreationDateTimePrecision: precision }),
  };
}

/** A table that is being created is not there yet for these operations. */
function destinationTable(context: ControlContext, caller: Caller, nameOrArn: string): TableRecord {
  const record = knownTable(context.tables, caller, nameOrArn);
  if (record.status === 'CREATING') throw tableNotFound(record.name);
  return record;
}

/**
 * Why what the ARN names cannot be written to (recorded on AWS). Of an ARN that is no stream's here, its last part
 * matters: whether a stream of the account goes by that name.
 */
function faultOf(kinesis: Pick<KinesisStreams, 'isThere'>, streamArn: string, caller: Caller): string | undefined {
  if (kinesis.isThere(streamArn)) return undefined;
  const [, partition, , region, , resource = ''] = streamArn.split(':');
  if (region !== caller.region) return `${BELONGS}the current region`;
  const name = resource.slice(resource.indexOf('/') + 1);
  const namesake = `arn:${partition}:kinesis:${region}:${caller.accountId}:stream/${name}`;
  return kinesis.isThere(namesake) ? `${BELONGS}Active state` : 'User does not have a permission to use kinesis stream';
}

function notOff(): DynamoError {
  return validationError(
    `${WRONG_STATE}EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.`,
  );
}
