import type { ResolvedFunction } from '../functions/function-catalog.js';
import { Destinations } from '../invocation/destinations.js';
import { executionActor } from '../invocation/execution-role.js';
import type { Invoker } from '../invocation/invoker.js';
import type { LambdaParts } from '../lambda-parts.js';
import { type MappingRecord, mappedFunctionArn } from './mapping-record.js';

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

  track(work: Promise<unknown>): void {
    this.parts.kernel.activity.track(`event source mapping ${this.mapping.uuid}`, work);
  }
}
