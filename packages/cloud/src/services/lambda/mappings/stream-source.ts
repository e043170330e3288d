import type { CreateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import type { Caller } from '../../../kernel/caller.js';
import type { ResolvedFunction } from '../functions/function-catalog.js';
import { executionActor } from '../invocation/execution-role.js';
import { invalidParameter } from '../lambda-errors.js';
import type { LambdaParts } from '../lambda-parts.js';
import type { MappingSettings, SourceFacts } from './mapping-record.js';
import { isCode, StreamReader } from './stream-reader.js';

const STREAM_ARN = /^arn:aws[a-zA-Z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[a-zA-Z0-9_.-]+\/stream\/[0-9T:.-]+$/;

export function cannotAccess(streamArn: string): string {
  return (
    `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, ` +
    'DescribeStream, and ListStreams Actions on your stream in IAM.'
  );
}

/** Throws what AWS answers to settings that do not go with streams, or with each other. */
export function checkStreamSettings(settings: MappingSettings): void {
  if (settings.maximumConcurrency !== undefined) {
    throw invalidParameter('Unsupported ScalingConfig parameter for given event source mapping type.');
  }
  if (settings.tumblingWindowSeconds > 0 && settings.parallelizationFactor > 1) {
    throw invalidParameter('Parallelization factor must be equal to 1 when tumbling window period is configured');
  }
}

/** Where a mapping on a DynamoDB stream begins. Throws when the stream is not there, or the request makes no sense. */
export function streamSource(
  { kernel }: LambdaParts,
  caller: Caller,
  { EventSourceArn = '', StartingPosition, StartingPositionTimestamp }: CreateEventSourceMappingCommandInput,
): SourceFacts {
  if (!STREAM_ARN.test(EventSourceArn)) throw invalidParameter(`Stream not found: ${EventSourceArn}`);
  if (StartingPosition === undefined) {
    throw invalidParameter(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  if (StartingPosition === 'AT_TIMESTAMP') {
    throw invalidParameter(`Unsupported starting position for arn type: ${EventSourceArn}`);
  }
  if (StartingPositionTimestamp !== undefined) {
    throw invalidParameter('Timestamp only valid with StartingPosition AT_TIMESTAMP');
  }
  const last = kernel.ports.tableStreams.lastSequenceNumber(EventSourceArn);
  const [, , , region, accountId] = EventSourceArn.split(':');
  if (last === undefined || region !== caller.region || accountId !== caller.accountId) {
    throw invalidParameter(`Stream not found: ${EventSourceArn}`);
  }
  const startingPosition = StartingPosition;
  return { startingPosition, ...(StartingPosition === 'LATEST' ? { startAfter: last } : {}) };
}

/** The function's role must be allowed to read the stream from the beginning on. */
export async function checkStreamAccess(
  { kernel }: LambdaParts,
  resolved: ResolvedFunction,
  streamArn: string,
): Promise<void> {
  try {
    await new StreamReader(kernel, streamArn, () => executionActor(kernel, resolved)).probe();
  } catch (error) {
    if (isCode(error, 'AccessDeniedException', 'AccessDenied')) throw invalidParameter(cannotAccess(streamArn));
    if (isCode(error, 'ResourceNotFoundException')) throw invalidParameter(`Stream not found: ${streamArn}`);
    throw error;
  }
}
