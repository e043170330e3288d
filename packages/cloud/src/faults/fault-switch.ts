import { type Clock, delay, type Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import type { Gate, GatedRequest } from '../kernel/gates.js';
import { Records } from '../kernel/records.js';
import { isLike } from '../kernel/wildcard.js';
import { PrivateRequestError } from '../server/private-request-error.js';
import { ServiceError } from '../wire/index.js';
import { type FaultRequest, type FaultRule, faultRule } from './fault-rule.js';

/** DynamoDB's words for the errors that it gives under stress. */
const MESSAGES: Readonly<Record<string, string>> = {
  ProvisionedThroughputExceededException:
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
  ThrottlingException: 'Rate exceeded',
  TooManyRequestsException: 'Rate Exceeded.',
  RequestLimitExceeded: 'Throughput exceeds the current throughput limit for your account.',
  SlowDown: 'Please reduce your request rate.',
  InternalServerError: 'Internal server error',
  ServiceUnavailable: 'The service is temporarily unavailable.',
  ServiceUnavailableException: 'The service is temporarily unavailable.',
  AccessDeniedException: 'User is not authorized to perform this operation',
};

/**
 * Failures and delays on purpose, for rehearsing trouble: off until a rule is there, and then a gate before every
 * request that the rule is for. Rules are kept, and hold after a restart.
 */
export class FaultSwitch implements Gate {
  readonly #records: Records<FaultRule>;
  #rules: FaultRule[];
  #lastId: number;

  constructor(
    private readonly options: {
      readonly store: Store;
      readonly clock: Clock;
      /** Latency is real: it passes while the endpoint's clock stands. */
      readonly machineClock: Clock;
      readonly random: Random;
      readonly services: readonly string[];
    },
  ) {
    this.#records = new Records(options.store, 'kernel.faults');
    this.#rules = [...this.#records.all()];
    this.#lastId = Math.max(0, ...this.#rules.map(({ id }) => Number(id)));
  }

  /** In the order in which they were added; those that have ended are gone. */
  list(): readonly FaultRule[] {
    this.#dropEnded();
    return this.#rules;
  }

  async add(request: FaultRequest): Promise<FaultRule> {
    const { clock, services } = this.options;
    const rule = faultRule(request, String(this.#lastId + 1), clock.nowMs(), services);
    this.#lastId += 1;
    this.#rules = [...this.#rules, rule];
    await this.#records.put('', rule.id, rule);
    return rule;
  }

  /** Removes one rule, or all; resolves with how many. */
  async clear(id?: string): Promise<number> {
    const going = this.#rules.filter((rule) => id === undefined || rule.id === id);
    if (id !== undefined && going.length === 0) throw new PrivateRequestError(`there is no fault ${id}`);
    this.#rules = this.#rules.filter((rule) => !going.includes(rule));
    for (const rule of going) await this.#records.delete('', rule.id);
    return going.length;
  }

  standsBefore(service: string, operation: string): boolean {
    if (this.#rules.length === 0) return false;
    return this.#rules.some((rule) => isFor(rule, service, operation));
  }

  async enter(request: GatedRequest): Promise<void> {
    this.#dropEnded();
    const { random, machineClock } = this.options;
    for (const rule of this.#rules) {
      if (!isFor(rule, request.service, request.operation) || !concerns(rule, request)) continue;
      if (rule.probability < 1 && random.next() >= rule.probability) continue;
      this.#hit(rule);
      if (rule.latencyMs !== undefined) await delay(machineClock, rule.latencyMs);
      if (rule.error !== undefined) throw failure(rule.error, rule.message);
    }
  }

  #hit(rule: FaultRule): void {
    const { remaining } = rule;
    const after = { ...rule, hits: rule.hits + 1, ...(remaining !== undefined && { remaining: remaining - 1 }) };
    this.#rules = this.#rules.map((one) => (one === rule ? after : one));
    // Not waited for: a rule that is a little behind after a crash does no harm.
    const isDone = after.remaining === 0;
    if (isDone) this.#rules = this.#rules.filter((one) => one !== after);
    const kept = isDone ? this.#records.delete('', rule.id) : this.#records.put('', rule.id, after);
    kept.catch(() => {});
  }

  #dropEnded(): void {
    const nowMs = this.options.clock.nowMs();
    const ended = this.#rules.filter(({ untilMs }) => untilMs !== undefined && untilMs <= nowMs);
    if (ended.length === 0) return;
    this.#rules = this.#rules.filter((rule) => !ended.includes(rule));
    for (const { id } of ended) this.#records.delete('', id).catch(() => {});
  }
}

function isFor(rule: FaultRule, service: string, operation: string): boolean {
  return (
    (rule.service === '*' || rule.service === service) &&
    (rule.operation === undefined || isLike(operation, rule.operation))
  );
}

function concerns({ resource, region }: FaultRule, request: GatedRequest): boolean {
  if (region !== undefined && region !== request.caller.region) return false;
  return resource === undefined || resourcesOf(request.input).some((one) => isLike(one, resource));
}

/** Every name that a request's input gives at its top: of a table, a function, a bucket; ARNs with their last part, too. */
function resourcesOf(input: object): string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    if (name === 'RequestItems' && typeof value === 'object' && value !== null) return Object.keys(value);
    if (name === 'TransactItems' && Array.isArray(value)) return value.flatMap(tablesOf);
    if (typeof value !== 'string' || !/(Name|Arn|ARN|Id|Bucket|Url|arn)$/.test(name)) return [];
    return value.startsWith('arn:') ? [value, value.slice(value.search(/[^:/]+$/))] : [value];
  });
}

function tablesOf(action: unknown): string[] {
  if (typeof action !== 'object' || action === null) return [];
  return Object.values(action).flatMap((part: unknown) =>
    typeof part === 'object' && part !== null && 'TableName' in part && typeof part.TableName === 'string'
      ? [part.TableName]
      : [],
  );
}

function failure(code: string, message: string | undefined): ServiceError {
  const isServer = /^(Internal|ServiceUnavailable|SlowDown)/.test(code);
  return new ServiceError(code, message ?? MESSAGES[code] ?? `${code}, on purpose`, {
    httpStatus: isServer ? (code.startsWith('Internal') ? 500 : 503) : 400,
    fault: isServer ? 'server' : 'client',
    isInjected: true,
  });
}
