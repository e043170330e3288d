import type { CreateEventSourceMappingCommandInput } from '@aws-sdk/client-lambda';
import type { Caller } from '../../../kernel/caller.js';
import { ServiceError } from '../../../wire/index.js';
import type { ResolvedFunction } from '../functions/function-catalog.js';
import { invalidParameter } from '../lambda-errors.js';
import type { LambdaParts } from '../lambda-parts.js';
import { DATA_STREAM } from './data-stream.js';
import type { MappingRecord, MappingSettings, SourceFacts } from './mapping-record.js';
import type { StreamKind } from './stream-kind.js';
import { isCode, type StreamReader, type StreamToRead } from './stream-reader.js';
import { TABLE_STREAM } from './table-stream.js';

const KINDS: Readonly<Record<string, StreamKind>> = { dynamodb: TABLE_STREAM, kinesis: DATA_STREAM };

/** By the service in the ARN; undefined for what is no stream. */
export function findStreamKind(sourceArn: string): StreamKind | undefined {
  return KINDS[sourceArn.split(':')[2] ?? ''];
}

/** Of a mapping's stream. */
export function streamKind(sourceArn: string): StreamKind {
  const kind = findStreamKind(sourceArn);
  if (kind === undefined) throw new Error(`${sourceArn} is no stream`);
  return kind;
}

/** What reads a mapping's stream. */
export function streamReader(
  { kernel }: LambdaParts,
  { sourceArn: streamArn, startingTimestampMs }: Pick<MappingRecord, 'sourceArn' | 'startingTimestampMs'>,
  resolve: StreamToRead['resolve'],
): StreamReader {
  return streamKind(streamArn).reader({ kernel, streamArn, resolve, startingTimestampMs });
}

export function cannotAccess(streamArn: string): string {
  return (
    `Cannot access stream ${streamArn}. Please ensure the role can perform the ` +
    `${streamKind(streamArn).neededActions} Actions on your stream in IAM.`
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

/** Where a mapping on a stream begins. Throws when the stream is not there, or the request makes no sense. */
export function streamSource(
  { kernel }: LambdaParts,
  caller: Caller,
  { EventSourceArn = '', StartingPosition, StartingPositionTimestamp }: CreateEventSourceMappingCommandInput,
): SourceFacts {
  const kind = streamKind(EventSourceArn);
  if (!kind.arnPattern.test(EventSourceArn)) throw streamNotFound(EventSourceArn);
  if (StartingPosition === undefined) {
    throw invalidParameter(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
    );
  }
  if (StartingPosition === 'AT_TIMESTAMP' && !kind.startsAtTimestamp) {
    throw invalidParameter(`Unsupported starting position for arn type: ${EventSourceArn}`);
  }
  if (StartingPosition !== 'AT_TIMESTAMP' && StartingPositionTimestamp !== undefined) {
    throw invalidParameter('Timestamp only valid with StartingPosition AT_TIMESTAMP');
  }
  const startAfter = kind.latest(kernel, EventSourceArn);
  const [, , , region, accountId] = EventSourceArn.split(':');
  if (startAfter === undefined || region !== caller.region || accountId !== caller.accountId) {
    throw streamNotFound(EventSourceArn);
  }
  const startingPosition = StartingPosition;
  if (startingPosition === 'AT_TIMESTAMP') {
    return { startingPosition, startingTimestampMs: timestampMs(StartingPositionTimestamp) };
  }
  return { startingPosition, ...(startingPosition === 'LATEST' ? { startAfter } : {}) };
}

function timestampMs(timestamp: Date | undefined): number {
  // As Kinesis words it, which Lambda asks for the place on AWS, too.
  if (timestamp === undefined) {
    throw cannotRead('Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP.');
  }
  if (timestamp.getTime() < 0) throw cannotRead('class java.lang.Long can not be converted to a Timestamp');
  return timestamp.getTime();
}

/** The function's role must be allowed to read the stream from where the mapping begins. */
export async function checkStreamAccess(
  parts: LambdaParts,
  resolved: ResolvedFunction,
  mapping: Pick<MappingRecord, 'sourceArn' | 'startingTimestampMs'>,
): Promise<void> {
  const { sourceArn } = mapping;
  try {
    await streamReader(parts, mapping, () => resolved).probe();
  } catch (error) {
    if (isCode(error, 'AccessDeniedException', 'AccessDenied')) throw invalidParameter(cannotAccess(sourceArn));
    if (isCode(error, 'ResourceNotFoundException')) throw streamNotFound(sourceArn);
    if (error instanceof ServiceError && isCode(error, 'InvalidArgumentException')) throw cannotRead(error.message);
    throw error;
  }
}

function streamNotFound(streamArn: string): ServiceError {
  return invalidParameter(`Stream not found: ${streamArn}`);
}

function cannotRead(message: string): ServiceError {
  return invalidParameter(`Received Exception while reading from provided stream. ${message}`);
}
