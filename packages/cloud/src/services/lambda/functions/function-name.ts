import type { Caller } from '../../../kernel/caller.js';
import { constraintError, functionNotFound } from '../lambda-errors.js';

export interface FunctionReference {
  readonly name: string;
  /** Version or alias, when one is given. */
  readonly qualifier: string | undefined;
  readonly arn: string;
}

const NAME = /^[a-zA-Z0-9-_]{1,64}$/;
const PATTERN =
  'Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-' +
  '\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';

/**
 * A function named by name, partial ARN (`123456789012:function:name`) or ARN, each with or without a qualifier.
 * A function of another account or region is not found here.
 */
export function parseFunctionName(caller: Caller, given: string | undefined, qualifier?: string): FunctionReference {
  const match =
    /^(?:arn:aws[a-zA-Z-]*:lambda:([a-z0-9-]+):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/.exec(
      given ?? '',
    );
  const [, region, accountId, name = '', suffix] = match ?? [];
  if (!NAME.test(name)) throw constraintError(given, 'functionName', PATTERN);
  const arn = functionArn(caller, name);
  const elsewhere = (region ?? caller.region) !== caller.region || (accountId ?? caller.accountId) !== caller.accountId;
  if (elsewhere) throw functionNotFound(given ?? '');
  return { name, qualifier: suffix ?? qualifier, arn };
}

export function functionArn(caller: Caller, name: string): string {
  return `arn:aws:lambda:${caller.region}:${caller.accountId}:function:${name}`;
}
