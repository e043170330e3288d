import type { PutFunctionConcurrencyCommandInput } from '@aws-sdk/client-lambda';
import { type Caller, partitionOf } from '../../../kernel/caller.js';
import type { RequestContext } from '../../service.js';
import { checkRange, invalidParameter } from '../lambda-errors.js';
import type { LambdaParts } from '../lambda-parts.js';
import type { OfFunction } from './function-catalog.js';
import { parseFunctionName } from './function-name.js';

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
const ACCOUNT_CONCURRENCY = 1000;
const UNRESERVED_MINIMUM = 100;

/** Reserved concurrency: how many invocations of a function may run at once. */
export class ConcurrencyOperations {
  constructor(private readonly parts: LambdaParts) {}

  async put(
    { caller }: RequestContext,
    input: PutFunctionConcurrencyCommandInput,
  ): Promise<{ ReservedConcurrentExecutions: number }> {
    const reserved = input.ReservedConcurrentExecutions ?? 0;
    checkRange(reserved, 'reservedConcurrentExecutions', 0, Number.MAX_SAFE_INTEGER);
    await this.#set(caller, input, reserved);
    return { ReservedConcurrentExecutions: reserved };
  }

  get({ caller }: RequestContext, input: OfFunction): { ReservedConcurrentExecutions?: number } {
    const { reservedConcurrency } = this.parts.catalog.find(caller, input);
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  }

  async remove({ caller }: RequestContext, input: OfFunction): Promise<object> {
    await this.#set(caller, input, undefined);
    return {};
  }

  #set(caller: Caller, input: OfFunction, reserved: number | undefined): Promise<void> {
    const { kernel, catalog } = this.parts;
    const { name, arn } = parseFunctionName(caller, input.FunctionName);
    return kernel.store.change((writer) => {
      const { reservedConcurrency: _, ...record } = catalog.inChange(writer, caller, name, arn);
      const others = [...catalog.functions.list(partitionOf(caller))]
        .filter(([other]) => other !== name)
        .reduce((sum, [, other]) => sum + (other.reservedConcurrency ?? 0), 0);
      if (ACCOUNT_CONCURRENCY - others - (reserved ?? 0) < UNRESERVED_MINIMUM) {
        throw invalidParameter(
          "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below " +
            `its minimum value of [${UNRESERVED_MINIMUM}].`,
        );
      }
      const changed = reserved === undefined ? record : { ...record, reservedConcurrency: reserved };
      catalog.functions.putIn(writer, partitionOf(caller), name, changed);
    });
  }
}
