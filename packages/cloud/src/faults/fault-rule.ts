import { parseDuration } from '@tablewright/base';
import { PrivateRequestError } from '../server/private-request-error.js';

/** Requests that shall fail, or be slow, on purpose. */
export interface FaultRule {
  readonly id: string;
  /** Signing name, e.g. `dynamodb`, `lambda`; `*` for all. */
  readonly service: string;
  /** Operations with `*` for any characters: `PutItem`, `*Item`. Absent: all. */
  readonly operation?: string;
  /** Name or ARN of what the request is about: a table, a function, a vault, with `*`. Absent: all. */
  readonly resource?: string;
  readonly region?: string;
  /** AWS's error code that the request gets. */
  readonly error?: string;
  readonly message?: string;
  /** Waited before the request is carried out, or fails; on the machine's time. */
  readonly latencyMs?: number;
  /** Above 0, at most 1. */
  readonly probability: number;
  /** How many requests it is still for; absent: all. */
  readonly remaining?: number;
  /** When it ends, on the endpoint's clock. */
  readonly untilMs?: number;
  /** Requests that it was for. */
  readonly hits: number;
}

/** What `POST /_tablewright/faults` takes. */
export interface FaultRequest {
  readonly service?: string;
  readonly operation?: string;
  readonly resource?: string;
  readonly region?: string;
  readonly error?: string;
  /** In place of `error`: the code by which the service throttles. */
  readonly throttle?: boolean;
  readonly message?: string;
  /** E.g. `250ms`. */
  readonly latency?: string;
  readonly probability?: number;
  readonly count?: number;
  /** E.g. `10m`, on the endpoint's clock. */
  readonly duration?: string;
}

const MEMBERS = [
  'service',
  'operation',
  'resource',
  'region',
  'error',
  'throttle',
  'message',
  'latency',
  'probability',
  'count',
  'duration',
];
const LONGEST_LATENCY_MS = 15 * 60_000;

/** How services say that one asks too often, where it is not ThrottlingException. */
const THROTTLING_CODES: Readonly<Record<string, string>> = {
  dynamodb: 'ProvisionedThroughputExceededException',
  kinesis: 'ProvisionedThroughputExceededException',
  lambda: 'TooManyRequestsException',
  s3: 'SlowDown',
  iam: 'Throttling',
  sts: 'Throttling',
};

/** Checks a request and makes the rule of it. */
export function faultRule(request: FaultRequest, id: string, nowMs: number, services: readonly string[]): FaultRule {
  const unknown = Object.keys(request).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw new PrivateRequestError(`a fault has no "${unknown}"; it has ${MEMBERS.join(', ')}`);
  const {
    service,
    operation,
    resource,
    region,
    throttle,
    message,
    latency,
    probability = 1,
    count,
    duration,
  } = request;
  if (service === undefined || (service !== '*' && !services.includes(service))) {
    throw new PrivateRequestError(`service ${service ?? 'is missing'}; it is one of ${services.join(', ')}, or *`);
  }
  if (throttle === true && request.error !== undefined) throw new PrivateRequestError('give either error or throttle');
  const error = throttle === true ? (THROTTLING_CODES[service] ?? 'ThrottlingException') : request.error;
  if (error === undefined && latency === undefined) throw new PrivateRequestError('give error, throttle or latency');
  if (error !== undefined && !/^[A-Za-z][\w.]*$/.test(error)) {
    throw new PrivateRequestError(`error "${error}" is no error code; write one such as InternalServerError`);
  }
  if (!(probability > 0 && probability <= 1)) {
    throw new PrivateRequestError(`probability ${probability} is not above 0 and at most 1`);
  }
  if (count !== undefined && !(Number.isInteger(count) && count > 0)) {
    throw new PrivateRequestError(`count ${count} is not a whole number above 0`);
  }
  const latencyMs = latency === undefined ? undefined : durationOf('latency', latency);
  if (latencyMs !== undefined && latencyMs > LONGEST_LATENCY_MS) {
    throw new PrivateRequestError(`latency ${latency} is more than 15m`);
  }
  return {
    id,
    service,
    ...(operation !== undefined && { operation }),
    ...(resource !== undefined && { resource }),
    ...(region !== undefined && { region }),
    ...(error !== undefined && { error }),
    ...(message !== undefined && { message }),
    ...(latencyMs !== undefined && { latencyMs }),
    probability,
    ...(count !== undefined && { remaining: count }),
    ...(duration !== undefined && { untilMs: nowMs + durationOf('duration', duration) }),
    hits: 0,
  };
}

function durationOf(name: string, text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === undefined) {
    throw new PrivateRequestError(`${name} "${text}" is no duration; write one such as 250ms, 90s or 1h30m`);
  }
  return durationMs;
}
