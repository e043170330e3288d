import type {
  CreateFunctionCommandInput,
  FunctionConfiguration,
  LoggingConfig,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import type { Kernel } from '../../../kernel/kernel.js';
import { checkRange, constraintError, invalidParameter } from '../lambda-errors.js';
import type { CodeFacts } from './function-code.js';
import type { FunctionReference } from './function-name.js';

type Settings = Partial<Omit<CreateFunctionCommandInput, 'Code' | 'Publish' | 'Tags'>>;

const ROLE = /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;

export function newConfiguration(
  kernel: Kernel,
  reference: FunctionReference,
  input: CreateFunctionCommandInput,
  code: CodeFacts,
): FunctionConfiguration {
  if (input.Role === undefined) throw constraintError(null, 'role', 'Member must not be null');
  if (input.Runtime === undefined)
    throw invalidParameter('Runtime is mandatory for functions created with deployment packages.');
  if (input.Handler === undefined)
    throw invalidParameter('Handler is mandatory for functions created with deployment packages.');
  checkSettings(input);
  const memory = input.MemorySize ?? 128;
  return {
    FunctionName: reference.name,
    FunctionArn: reference.arn,
    Runtime: input.Runtime,
    Role: input.Role,
    Handler: input.Handler,
    Description: input.Description ?? '',
    Timeout: input.Timeout ?? 3,
    MemorySize: memory,
    Version: '$LATEST',
    TracingConfig: { Mode: input.TracingConfig?.Mode ?? 'PassThrough' },
    PackageType: 'Zip',
    Architectures: input.Architectures ?? ['x86_64'],
    EphemeralStorage: { Size: input.EphemeralStorage?.Size ?? 512 },
    SnapStart: { ApplyOn: input.SnapStart?.ApplyOn ?? 'None', OptimizationStatus: 'Off' },
    LoggingConfig: loggingOf(reference.name, undefined, input.LoggingConfig),
    ...optionalSettings(input, {}),
    ...code,
    ...changed(kernel),
  };
}

/** The configuration with what the request names put in place of what was there. */
export function updatedConfiguration(
  kernel: Kernel,
  present: FunctionConfiguration,
  input: UpdateFunctionConfigurationCommandInput,
): FunctionConfiguration {
  checkSettings(input);
  const { Role, Handler, Description, Timeout, MemorySize, Runtime, TracingConfig, EphemeralStorage } = input;
  const named = { Role, Handler, Description, Timeout, MemorySize, Runtime, TracingConfig, EphemeralStorage };
  const { Environment: _, Layers: __, DeadLetterConfig: ___, VpcConfig: ____, KMSKeyArn: _____, ...rest } = present;
  return {
    ...rest,
    ...definedOnly(named),
    LoggingConfig: loggingOf(present.FunctionName ?? '', present.LoggingConfig, input.LoggingConfig),
    ...optionalSettings(input, present),
    ...changed(kernel),
  };
}

/** What changes with every update: a new revision, successful at once. */
export function changed(kernel: Kernel): FunctionConfiguration {
  return {
    LastModified: new Date(kernel.clock.nowMs()).toISOString().replace('Z', '+0000'),
    RevisionId: kernel.random.uuid(),
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

/**
 * Settings that are answered only where they are set: those of the request, else those of before. An empty one takes
 * the setting away. Layers are put in by the caller, who knows them.
 */
function optionalSettings(input: Settings, present: FunctionConfiguration): FunctionConfiguration {
  const variables = input.Environment === undefined ? present.Environment?.Variables : input.Environment.Variables;
  const deadLetter = input.DeadLetterConfig ?? present.DeadLetterConfig;
  const key = input.KMSKeyArn ?? present.KMSKeyArn;
  const vpc = input.VpcConfig === undefined ? present.VpcConfig : { ...input.VpcConfig, VpcId: '' };
  return definedOnly({
    Environment: variables === undefined || Object.keys(variables).length === 0 ? undefined : { Variables: variables },
    DeadLetterConfig: (deadLetter?.TargetArn ?? '') === '' ? undefined : deadLetter,
    KMSKeyArn: key === '' ? undefined : key,
    VpcConfig: vpc,
    Layers: present.Layers,
  });
}

/** Levels belong to JSON alone. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html */
function loggingOf(name: string, present: LoggingConfig | undefined, given: LoggingConfig | undefined): LoggingConfig {
  const { LogFormat = 'Text', LogGroup = `/aws/lambda/${name}`, ...levels } = { ...present, ...given };
  if (LogFormat !== 'JSON') {
    if (given?.ApplicationLogLevel !== undefined || given?.SystemLogLevel !== undefined) {
      throw invalidParameter('Log level filtering is not supported with the Text log format.');
    }
    return { LogFormat, LogGroup };
  }
  const { ApplicationLogLevel = 'INFO', SystemLogLevel = 'INFO' } = levels;
  return { LogFormat, ApplicationLogLevel, SystemLogLevel, LogGroup };
}

export function definedOnly<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html#API_CreateFunction_RequestBody */
function checkSettings(input: Settings): void {
  if (input.Role !== undefined && !ROLE.test(input.Role)) {
    const pattern = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';
    throw constraintError(input.Role, 'role', `Member must satisfy regular expression pattern: ${pattern}`);
  }
  checkRange(input.Timeout, 'timeout', 1, 900);
  checkRange(input.MemorySize, 'memorySize', 128, 10_240);
  checkRange(input.EphemeralStorage?.Size, 'ephemeralStorage.size', 512, 10_240);
  const variables = JSON.stringify(input.Environment?.Variables ?? {});
  if (Buffer.byteLength(variables) > 4096) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `exceeded the 4KB limit. String measured: ${variables}`,
    );
  }
}
