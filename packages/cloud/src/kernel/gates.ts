import type { Caller } from './caller.js';
import type { Principal } from './principal.js';

/** A request before its operation is carried out. */
export interface GatedRequest {
  /** Signing name, e.g. `dynamodb`, `monitoring`. */
  readonly service: string;
  readonly operation: string;
  readonly caller: Caller;
  readonly principal: Principal;
  /** Empty for what one service asks of another. */
  readonly accessKeyId: string;
  /** As the handler gets it: the SDK's types; for DynamoDB, AWS JSON. */
  readonly input: object;
  readonly requestId: string;
  /** Empty where there is none. */
  readonly userAgent: string;
  /** The client's address; absent for what one service asks of another. */
  readonly sourceIp?: string;
}

/** How it ended: without `errorCode`, well. */
export interface Outcome {
  readonly output?: object;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/**
 * Something that every request passes on its way to the service: who may, what fails on purpose, what is recorded.
 * Requests over the wire pass the same gates as those that one service makes of another.
 */
export interface Gate {
  /** Whether the gate wants to see requests of this kind. Asked for every request: no work, no allocation. */
  standsBefore(service: string, operation: string, accessKeyId: string): boolean;
  /** Throws, or rejects with, the ServiceError that the client gets instead of an answer. */
  enter?(request: GatedRequest): void | Promise<void>;
  leave?(request: GatedRequest, outcome: Outcome): void;
}

/** The gates of one endpoint, in the order in which a request passes them. */
export class Gates {
  readonly #gates: Gate[] = [];

  add(gate: Gate): void {
    this.#gates.push(gate);
  }

  /** Whether {@link pass} has anything to do. */
  standBefore(service: string, operation: string, accessKeyId: string): boolean {
    for (const gate of this.#gates) if (gate.standsBefore(service, operation, accessKeyId)) return true;
    return false;
  }

  /** Leads a request through all gates that want to see it, and runs it. */
  async pass<Output extends object>(request: GatedRequest, run: () => Output | Promise<Output>): Promise<Output> {
    const { service, operation, accessKeyId } = request;
    const gates = this.#gates.filter((gate) => gate.standsBefore(service, operation, accessKeyId));
    try {
      for (const gate of gates) await gate.enter?.(request);
      const output = await run();
      for (const gate of gates) gate.leave?.(request, { output });
      return output;
    } catch (error) {
      const outcome = {
        errorCode: codeOf(error),
        errorMessage: error instanceof Error ? error.message : String(error),
      };
      for (const gate of gates) gate.leave?.(request, outcome);
      throw error;
    }
  }
}

/** ServiceError and the engine's DynamoError carry one; anything else is a defect of ours. */
function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'InternalFailure';
}
