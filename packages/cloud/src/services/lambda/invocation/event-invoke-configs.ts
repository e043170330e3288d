import type {
  DestinationConfig,
  FunctionEventInvokeConfig,
  ListFunctionEventInvokeConfigsCommandInput,
  ListFunctionEventInvokeConfigsResponse,
  PutFunctionEventInvokeConfigCommandInput,
  UpdateFunctionEventInvokeConfigCommandInput,
} from '@aws-sdk/client-lambda';
import type { Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../../kernel/caller.js';
import type { Kernel } from '../../../kernel/kernel.js';
import { Records } from '../../../kernel/records.js';
import type { RequestContext } from '../../service.js';
import type { FunctionCatalog, OfFunction } from '../functions/function-catalog.js';
import { functionArn, parseFunctionName } from '../functions/function-name.js';
import { pageOf } from '../functions/page-of.js';
import { checkRange, notFound } from '../lambda-errors.js';

/** How asynchronous invocations of a function, a version or an alias are retried, and where their records go. */
export interface EventInvokeConfig {
  readonly qualifier: string;
  readonly modifiedMs: number;
  readonly maximumRetryAttempts?: number;
  readonly maximumEventAgeInSeconds?: number;
  readonly destinations: DestinationConfig;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html */
export const DEFAULT_RETRY_ATTEMPTS = 2;
export const DEFAULT_EVENT_AGE_SECONDS = 21_600;

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
export class EventInvokeConfigs {
  /** By `name:qualifier`. */
  readonly #records: Records<EventInvokeConfig>;

  constructor(
    private readonly kernel: Kernel,
    private readonly catalog: FunctionCatalog,
  ) {
    this.#records = new Records(kernel.store, 'lambda.event-configs');
  }

  find(caller: Caller, name: string, qualifier = '$LATEST'): EventInvokeConfig | undefined {
    return this.#records.get(partitionOf(caller), `${name}:${qualifier}`);
  }

  put(context: RequestContext, input: PutFunctionEventInvokeConfigCommandInput): Promise<FunctionEventInvokeConfig> {
    return this.#set(context.caller, input, { destinations: {} });
  }

  update(
    context: RequestContext,
    input: UpdateFunctionEventInvokeConfigCommandInput,
  ): Promise<FunctionEventInvokeConfig> {
    const { name, arn, qualifier } = this.catalog.resolve(context.caller, input);
    const present = this.find(context.caller, name, qualifier);
    if (present === undefined) throw missing(arn, qualifier);
    return this.#set(context.caller, input, present);
  }

  get({ caller }: RequestContext, input: OfFunction): FunctionEventInvokeConfig {
    const { name, arn, qualifier } = this.catalog.resolve(caller, input);
    const record = this.find(caller, name, qualifier);
    if (record === undefined) throw missing(arn, qualifier);
    return describe(arn, record);
  }

  async remove({ caller }: RequestContext, input: OfFunction): Promise<object> {
    const { name, arn, qualifier } = this.catalog.resolve(caller, input);
    if (this.find(caller, name, qualifier) === undefined) throw missing(arn, qualifier);
    await this.#records.delete(partitionOf(caller), `${name}:${qualifier ?? '$LATEST'}`);
    return {};
  }

  list(
    { caller }: RequestContext,
    input: ListFunctionEventInvokeConfigsCommandInput,
  ): ListFunctionEventInvokeConfigsResponse {
    const { name, arn } = parseFunctionName(caller, input.FunctionName);
    this.catalog.find(caller, input);
    const all = [...this.#records.list(partitionOf(caller), { prefix: `${name}:` })];
    const { items, next } = pageOf(all, input);
    return {
      FunctionEventInvokeConfigs: items.map(([, record]) => describe(arn, record)),
      ...(next === undefined ? {} : { NextMarker: next }),
    };
  }

  removeIn(writer: Writer, caller: Caller, name: string, qualifier: string): void {
    this.#records.deleteIn(writer, partitionOf(caller), `${name}:${qualifier}`);
  }

  removeAllIn(writer: Writer, caller: Caller, name: string): void {
    for (const [key] of [...this.#records.list(partitionOf(caller), { prefix: `${name}:` })]) {
      this.#records.deleteIn(writer, partitionOf(caller), key);
    }
  }

  async #set(
    caller: Caller,
    input: PutFunctionEventInvokeConfigCommandInput,
    before: Partial<EventInvokeConfig>,
  ): Promise<FunctionEventInvokeConfig> {
    const { name, qualifier = '$LATEST' } = this.catalog.resolve(caller, input);
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
    checkRange(MaximumRetryAttempts, 'maximumRetryAttempts', 0, 2);
    checkRange(MaximumEventAgeInSeconds, 'maximumEventAgeInSeconds', 60, DEFAULT_EVENT_AGE_SECONDS);
    const attempts = MaximumRetryAttempts ?? before.maximumRetryAttempts;
    const ageSeconds = MaximumEventAgeInSeconds ?? before.maximumEventAgeInSeconds;
    const record: EventInvokeConfig = {
      qualifier,
      modifiedMs: this.kernel.clock.nowMs(),
      ...(attempts === undefined ? {} : { maximumRetryAttempts: attempts }),
      ...(ageSeconds === undefined ? {} : { maximumEventAgeInSeconds: ageSeconds }),
      destinations: DestinationConfig ?? before.destinations ?? {},
    };
    await this.#records.put(partitionOf(caller), `${name}:${qualifier}`, record);
    return describe(functionArn(caller, name), record);
  }
}

function describe(arn: string, record: EventInvokeConfig): FunctionEventInvokeConfig {
  const { qualifier, modifiedMs, maximumRetryAttempts, maximumEventAgeInSeconds, destinations } = record;
  const { OnSuccess, OnFailure } = destinations;
  return {
    LastModified: new Date(modifiedMs),
    FunctionArn: `${arn}:${qualifier}`,
    ...(maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: maximumRetryAttempts }),
    ...(maximumEventAgeInSeconds === undefined ? {} : { MaximumEventAgeInSeconds: maximumEventAgeInSeconds }),
    DestinationConfig: { OnSuccess: OnSuccess ?? {}, OnFailure: OnFailure ?? {} },
  };
}

function missing(arn: string, qualifier: string | undefined) {
  return notFound(`The function ${arn}:${qualifier ?? '$LATEST'} doesn't have an EventInvokeConfig`);
}
