import type { ResolvedFunction } from '../functions/function-catalog.js';
import { Destinations } from '../invocation/destinations.js';
import { executionActor } from '../invocation/execution-role.js';
import type { Invoker } from '../invocation/invoker.js';
import type { LambdaParts } from '../lambda-parts.js';
import { type MappingRecord, mappedFunctionArn } from './mapping-record.js';

export type EventCountMetric =
  | 'PolledEventCount'
  | 'FilteredOutEventCount'
  | 'InvokedEventCount'
  | 'FailedInvokeEventCount'
  | 'DroppedEventCount'
  | 'DeletedEventCount'
  | 'OnFailureDestinationDeliveredEventCount';

/** What all parts of one running mapping share. */
export class MappingContext {
  readonly destinations: Destinations;
  /** Nothing new is begun; what is under way is finished. */
  isStopped = false;
  /** The endpoint closes: processes are being killed, so that what they answer says nothing. */
  isClosing = false;

  constructor(
    readonly parts: LambdaParts,
    readonly invoker: Invoker,
    /** As it was when this began; a change makes another begin. */
    readonly mapping: MappingRecord,
    /** Keeps a new LastProcessingResult. */
    readonly report: (result: string) => void,
  ) {
    this.destinations = new Destinations(parts.kernel);
  }

  get functionArn(): string {
    return mappedFunctionArn(this.mapping);
  }

  nowMs(): number {
    return this.parts.kernel.clock.nowMs();
  }

  /** The function as it is now. Throws when it is gone. */
  resolve(): ResolvedFunction {
    const { caller, settings } = this.mapping;
    const { functionName: FunctionName, qualifier: Qualifier } = settings;
    return this.parts.catalog.resolve(caller, { FunctionName, Qualifier });
  }

  actor() {
    return executionActor(this.parts.kernel, this.resolve());
  }

  /**
   * Counts events, where the mapping was told to.
   * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
   */
  count(metric: EventCountMetric, events: number): void {
    const { caller, uuid, settings } = this.mapping;
    if (settings.countsEvents && events > 0) this.invoker.metrics.putMapping(caller, uuid, metric, events);
  }

  track(work: Promise<unknown>): void {
    this.parts.kernel.activity.track(`event source mapping ${this.mapping.uuid}`, work);
  }
}
