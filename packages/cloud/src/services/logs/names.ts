import { constraint, invalidParameter } from './logs-errors.js';

const GROUP_PATTERN = /^[.\-_/#A-Za-z0-9]+$/;
const STREAM_PATTERN = /^[^:*]*$/;
const MAX_NAME_LENGTH = 512;

/** Throws for what cannot be the name of a log group. */
export function checkGroupName(name: string | undefined): string {
  if (name === undefined || name === '')
    throw constraint(name ?? null, 'logGroupName', 'Member must have length greater than or equal to 1');
  if (name.length > MAX_NAME_LENGTH)
    throw constraint(name, 'logGroupName', `Member must have length less than or equal to ${MAX_NAME_LENGTH}`);
  if (!GROUP_PATTERN.test(name)) {
    throw constraint(name, 'logGroupName', 'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+');
  }
  return name;
}

export function checkStreamName(name: string | undefined): string {
  if (name === undefined || name === '')
    throw constraint(name ?? null, 'logStreamName', 'Member must have length greater than or equal to 1');
  if (name.length > MAX_NAME_LENGTH)
    throw constraint(name, 'logStreamName', `Member must have length less than or equal to ${MAX_NAME_LENGTH}`);
  if (!STREAM_PATTERN.test(name)) {
    throw constraint(name, 'logStreamName', 'Member must satisfy regular expression pattern: [^:*]*');
  }
  return name;
}

/** The group that an operation names, by name or, as an identifier, by its name or ARN. */
export function groupNameOf(input: {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}): string {
  const { logGroupName, logGroupIdentifier } = input;
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw invalidParameter('LogGroup name and LogGroup identifier cannot both be provided');
  }
  if (logGroupName !== undefined) return checkGroupName(logGroupName);
  if (logGroupIdentifier === undefined) throw invalidParameter('Either logGroupName or logGroupIdentifier is required');
  return groupOfArn(logGroupIdentifier) ?? logGroupIdentifier;
}

/** `arn:aws:logs:<region>:<account>:log-group:<name>[:*]` */
export function groupOfArn(arn: string): string | undefined {
  const match = /^arn:aws[\w-]*:logs:[^:]*:[^:]*:log-group:([^:]+)(:\*)?$/.exec(arn);
  return match?.[1];
}
