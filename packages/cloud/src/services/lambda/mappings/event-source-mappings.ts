import type {
  CreateEventSourceMappingCommandInput,
  EventSourceMappingConfiguration,
  ListEventSourceMappingsCommandInput,
  ListEventSourceMappingsResponse,
  UpdateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda';
import { type Caller, partitionOf } from '../../../kernel/caller.js';
import { Records } from '../../../kernel/records.js';
import { ServiceError } from '../../../wire/index.js';
import type { RequestContext } from '../../service.js';
import type { ResolvedFunction } from '../functions/function-catalog.js';
import { parseFunctionName } from '../functions/function-name.js';
import { pageOf } from '../functions/page-of.js';
import type { Invoker } from '../invocation/invoker.js';
import { conflict, constraintError, invalidParameter, notFound } from '../lambda-errors.js';
import type { LambdaParts } from '../lambda-parts.js';
import { changedSettings, DEFAULT_QUEUE_SETTINGS, DEFAULT_SETTINGS } from './mapping-input.js';
import {
  describeMapping,
  isQueue,
  MAPPINGS,
  type MappingRecord,
  type MappingSettings,
  type MappingState,
  mappedFunctionArn,
} from './mapping-record.js';
import { checkQueueAccess, checkQueueSettings } from './queue-source.js';
import { RunningMappings } from './running-mappings.js';
import { isCode } from './stream-reader.js';
import { checkStreamAccess, checkStreamSettings, findStreamKind, streamSource } from './stream-source.js';

interface OfMapping {
  readonly UUID: string | undefined;
}

/** In the order in which AWS names them. */
const STARTING_POSITIONS: readonly string[] = ['LATEST', 'AT_TIMESTAMP', 'TRIM_HORIZON'];
const SETTLED: ReadonlySet<MappingState> = new Set(['Enabled', 'Disabled']);

/**
 * Event source mappings, which take the records of a DynamoDB stream or a Kinesis data stream, or the messages of an SQS
 * queue, to a function.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html, …/with-ddb.html, …/with-kinesis.html,
 * …/with-sqs.html
 * Differs: transitions take no longer than what is under way; reading is woken by the source instead of polling; other
 * event sources, consumers of Kinesis streams (enhanced fan-out) and streams of other accounts among them, are not
 * emulated.
 */
export class EventSourceMappings {
  /** By UUID. */
  readonly #records: Records<MappingRecord>;
  readonly #running: RunningMappings;

  constructor(
    private readonly parts: LambdaParts,
    invoker: Invoker,
  ) {
    this.#records = new Records(parts.kernel.store, MAPPINGS);
    this.#running = new RunningMappings(parts, invoker, this.#records);
  }

  start(): void {
    this.#running.start();
  }

  /** Before the processes of the functions are ended. */
  closing(): void {
    this.#running.closing();
  }

  close(): Promise<void> {
    return this.#running.close();
  }

  async create(
    { caller }: RequestContext,
    input: CreateEventSourceMappingCommandInput,
  ): Promise<EventSourceMappingConfiguration> {
    const { kernel } = this.parts;
    const record = this.#newRecord(caller, input);
    await this.#checkAccess(record);
    await kernel.store.change((writer) => {
      for (const [, other] of this.#records.list(partitionOf(caller))) this.#checkOther(record, other);
      this.#records.putIn(writer, partitionOf(caller), record.uuid, record);
    });
    this.#running.settle(record);
    return describeMapping(record);
  }

  get({ caller }: RequestContext, { UUID }: OfMapping): EventSourceMappingConfiguration {
    return describeMapping(this.find(caller, UUID));
  }

  find(caller: Caller, uuid: string | undefined): MappingRecord {
    const record = this.#records.get(partitionOf(caller), uuid ?? '');
    if (record === undefined) throw notFound('The resource you requested does not exist.');
    return record;
  }

  list({ caller }: RequestContext, input: ListEventSourceMappingsCommandInput): ListEventSourceMappingsResponse {
    const { EventSourceArn, FunctionName } = input;
    const wanted = FunctionName === undefined ? undefined : parseFunctionName(caller, FunctionName);
    const all = [...this.#records.list(partitionOf(caller))]
      .map(([, record]) => record)
      .filter(({ sourceArn }) => EventSourceArn === undefined || sourceArn === EventSourceArn)
      .filter(
        ({ settings }) =>
          wanted === undefined || (settings.functionName === wanted.name && settings.qualifier === wanted.qualifier),
      );
    const { items, next } = pageOf(all, input);
    return { EventSourceMappings: items.map(describeMapping), ...(next === undefined ? {} : { NextMarker: next }) };
  }

  async update(
    { caller }: RequestContext,
    input: UpdateEventSourceMappingCommandInput,
  ): Promise<EventSourceMappingConfiguration> {
    const record = await this.#change(caller, input.UUID, (present) => {
      const settings = changedSettings({ ...present.settings, ...this.#function(caller, input.FunctionName) }, input);
      checkSettings(present.sourceArn, settings);
      const isEnabled = input.Enabled ?? present.isEnabled;
      return { ...present, settings, isEnabled, state: stateTowards(present.isEnabled, isEnabled) };
    });
    this.#running.settle(record);
    return describeMapping(record);
  }

  async remove({ caller }: RequestContext, { UUID }: OfMapping): Promise<EventSourceMappingConfiguration> {
    const record = await this.#change(caller, UUID, (present) => ({ ...present, isEnabled: false, state: 'Deleting' }));
    this.#running.settle(record);
    return describeMapping(record);
  }

  async tag(
    caller: Caller,
    uuid: string,
    update: (tags: MappingRecord['tags']) => MappingRecord['tags'],
  ): Promise<void> {
    await this.parts.kernel.store.change((writer) => {
      const present = this.find(caller, uuid);
      this.#records.putIn(writer, partitionOf(caller), uuid, { ...present, tags: update(present.tags) });
    });
  }

  #change(
    caller: Caller,
    uuid: string | undefined,
    update: (record: MappingRecord) => MappingRecord,
  ): Promise<MappingRecord> {
    return this.parts.kernel.store.change((writer) => {
      const present = this.find(caller, uuid);
      if (!SETTLED.has(present.state)) {
        throw new ServiceError(
          'ResourceInUseException',
          `Cannot update the event source mapping because it is in use.`,
          { members: { Type: 'User' } },
        );
      }
      const record = { ...update(present), modifiedMs: this.parts.kernel.clock.nowMs() };
      this.#records.putIn(writer, partitionOf(caller), record.uuid, record);
      return record;
    });
  }

  #newRecord(caller: Caller, input: CreateEventSourceMappingCommandInput): MappingRecord {
    const { kernel } = this.parts;
    const { EventSourceArn: sourceArn = '' } = input;
    const isOfQueue = isQueue({ sourceArn });
    if ((!isOfQueue && findStreamKind(sourceArn) === undefined) || isConsumer(sourceArn)) throw otherSource(sourceArn);
    checkStartingPosition(input, isOfQueue);
    const named = this.#function(caller, input.FunctionName);
    if (named === undefined) throw constraintError(null, 'functionName', 'Member must not be null');
    const defaults = isOfQueue ? DEFAULT_QUEUE_SETTINGS : DEFAULT_SETTINGS;
    const settings = changedSettings({ ...defaults, ...named }, input);
    checkSettings(sourceArn, settings);
    return {
      uuid: kernel.random.uuid(),
      caller,
      sourceArn,
      ...(isOfQueue ? {} : streamSource(this.parts, caller, input)),
      settings,
      state: 'Creating',
      isEnabled: input.Enabled ?? true,
      lastProcessingResult: 'No records processed',
      modifiedMs: kernel.clock.nowMs(),
      tags: input.Tags ?? {},
    };
  }

  /** Throws when the function is not there. */
  #function(caller: Caller, given: string | undefined): { functionName: string; qualifier?: string } | undefined {
    if (given === undefined) return undefined;
    const { name, qualifier } = this.#resolve(caller, given);
    return { functionName: name, ...(qualifier === undefined ? {} : { qualifier }) };
  }

  #resolve(caller: Caller, FunctionName: string): ResolvedFunction {
    try {
      return this.parts.catalog.resolve(caller, { FunctionName });
    } catch (error) {
      if (isCode(error, 'ResourceNotFoundException')) throw invalidParameter('Function does not exist');
      throw error;
    }
  }

  /** The function's role must be allowed to take what the source has. */
  #checkAccess(record: MappingRecord): Promise<void> {
    const { caller, settings, sourceArn } = record;
    const { functionName: FunctionName, qualifier: Qualifier } = settings;
    const resolved = this.parts.catalog.resolve(caller, { FunctionName, Qualifier });
    return isQueue({ sourceArn })
      ? checkQueueAccess(this.parts, caller, resolved, sourceArn)
      : checkStreamAccess(this.parts, resolved, record);
  }

  #checkOther(record: MappingRecord, other: MappingRecord): void {
    if (other.sourceArn !== record.sourceArn || mappedFunctionArn(other) !== mappedFunctionArn(record)) return;
    throw conflict(
      `The event source arn (" ${record.sourceArn} ") and function (" ${record.settings.functionName} ") provided ` +
        `mapping already exists. Please update or delete the existing mapping with UUID ${other.uuid}`,
    );
  }
}

function checkStartingPosition({ StartingPosition }: CreateEventSourceMappingCommandInput, isOfQueue: boolean): void {
  if (StartingPosition === undefined) return;
  if (!STARTING_POSITIONS.includes(StartingPosition)) {
    const constraint = `Member must satisfy enum value set: [${STARTING_POSITIONS.join(', ')}]`;
    throw constraintError(StartingPosition, 'startingPosition', constraint);
  }
  if (isOfQueue) throw invalidParameter('StartingPosition is not valid for SQS event sources.');
}

function checkSettings(sourceArn: string, settings: MappingSettings): void {
  if (isQueue({ sourceArn })) checkQueueSettings(sourceArn, settings);
  else checkStreamSettings(settings);
}

/** https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html */
function isConsumer(sourceArn: string): boolean {
  return /^arn:[^:]+:kinesis:[^:]*:[^:]*:stream\/[^/]+\/consumer\//.test(sourceArn);
}

function stateTowards(wasEnabled: boolean, isEnabled: boolean): MappingState {
  if (wasEnabled === isEnabled) return 'Updating';
  return isEnabled ? 'Enabling' : 'Disabling';
}

function otherSource(arn: string): ServiceError {
  if (arn === '') return invalidParameter('Unrecognized event source.');
  const [, , service = ''] = arn.split(':');
  const what = isConsumer(arn) ? 'consumers of Kinesis streams' : service || arn;
  const message =
    `Event source mappings on ${what} are not emulated by this endpoint; those on DynamoDB streams, Kinesis data ` +
    'streams and SQS queues are';
  return new ServiceError('UnknownOperationException', message, { httpStatus: 400, fault: 'client' });
}
