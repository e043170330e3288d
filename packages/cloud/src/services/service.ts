import type { Caller } from '../kernel/caller.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Principal } from '../kernel/principal.js';
import type { Handler, ServiceDefinition, WireRequest, WireResponse } from '../wire/index.js';

/** What a handler is given besides its input. */
export interface RequestContext {
  readonly kernel: Kernel;
  readonly caller: Caller;
  readonly principal: Principal;
  readonly requestId: string;
  /** Headers of the request, names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Where the client reached the endpoint, e.g. `http://127.0.0.1:4566`. */
  readonly endpointUrl: string;
  /** Calls `action` when the client goes away before it is answered; for what waits long. Not there for calls in this process. */
  readonly whenAbandoned?: (action: () => void) => void;
}

/** A service as the pipeline runs it. Each is created when it is first asked for. */
export interface Service {
  readonly definition: ServiceDefinition;
  /** Name for people, e.g. `CloudWatch`. */
  readonly title: string;
  /** Largest body that is collected; a service whose operations take streams collects small ones itself. */
  readonly bodyLimitBytes: number;
  readonly handlers: Readonly<Record<string, Handler<RequestContext, never, object> | undefined>>;
  /** The member of the input that the request log calls the resource, e.g. `FunctionName`. */
  readonly resourceMember: string | undefined;
  /** The status of an answer where it is not the one that the model gives the operation. */
  readonly statusOf?: (output: object) => number | undefined;
  /** Looks at a request before it is decoded: throws the ServiceError that refuses it, or gives it as it is meant. */
  readonly admit?: (request: WireRequest) => WireRequest;
  /** Adds to an answer, an error's too, what follows from the request alone. */
  readonly finish?: (request: WireRequest, response: WireResponse) => WireResponse;
  /** Takes up what it does without being asked: schedules, deliveries. Called once, when it is loaded. */
  readonly start?: () => void;
  /** Ends that; resolves when nothing of it runs any more. */
  readonly close?: () => void | Promise<void>;
  /** Answers the requests that wait for something to happen: the endpoint is about to close. */
  readonly letGo?: () => void;
}

export type ServiceFactory = (kernel: Kernel) => Service;
