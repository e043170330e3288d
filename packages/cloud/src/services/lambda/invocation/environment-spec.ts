import { delimiter, join } from 'node:path';
import type { ResolvedFunction } from '../functions/function-catalog.js';
import type { LambdaParts } from '../lambda-parts.js';
import type { EnvironmentSpec, Started } from '../runtime/environment-pool.js';
import { runtimeCommand } from '../runtime/runtimes.js';
import { executionCredentials } from './execution-role.js';

/** What a function's version is run in. */
export function environmentSpec(parts: LambdaParts, resolved: ResolvedFunction): EnvironmentSpec {
  const { arn, version, configuration } = resolved;
  const owner = `${arn}:${version}`;
  return { owner, key: `${owner}:${configuration.RevisionId}`, start: () => start(parts, resolved) };
}

export function logGroupOf({ configuration, name }: ResolvedFunction): string {
  return configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
}

async function start(parts: LambdaParts, resolved: ResolvedFunction): Promise<Started> {
  const { kernel, folders, layers } = parts;
  const { configuration, version } = resolved;
  const memoryMb = configuration.MemorySize ?? 128;
  const { command, args, name } = await runtimeCommand(configuration.Runtime ?? '', memoryMb);
  const taskRoot = await folders.folderOf(resolved.codeFile);
  const layerFolders: string[] = [];
  for (const { Arn = '' } of configuration.Layers ?? []) {
    layerFolders.push(await folders.folderOf(layers.codeFile(Arn)));
  }
  const credentials = await executionCredentials(kernel, resolved);
  const day = new Date(kernel.clock.nowMs()).toISOString().slice(0, 10).replaceAll('-', '/');
  const logStream = `${day}/[${version}]${Buffer.from(kernel.random.bytes(16)).toString('hex')}`;
  const env = {
    ...configuration.Environment?.Variables,
    ...searchPaths(configuration.Environment?.Variables ?? {}, layerFolders, name),
    ...functionEnvironment(parts, resolved, taskRoot),
    AWS_EXECUTION_ENV: `AWS_Lambda_${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    ...credentials.env,
  };
  return { options: { command, args, cwd: taskRoot, env, memoryMb }, logStream, isFresh: credentials.isFresh };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function functionEnvironment({ kernel, folders }: LambdaParts, resolved: ResolvedFunction, taskRoot: string) {
  const { configuration, caller, name, version } = resolved;
  const logging = configuration.LoggingConfig;
  return {
    _HANDLER: configuration.Handler ?? '',
    AWS_REGION: caller.region,
    AWS_DEFAULT_REGION: caller.region,
    AWS_ENDPOINT_URL: `http://${kernel.address}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize ?? 128),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(resolved),
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: taskRoot,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...(logging?.LogFormat === 'JSON'
      ? { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: logging.ApplicationLogLevel ?? 'INFO' }
      : { AWS_LAMBDA_LOG_FORMAT: 'Text' }),
    // The person's own settings of AWS are not the function's.
    HOME: folders.scratch('home'),
    ...(configuration.KMSKeyArn === undefined ? {} : { AWS_KMS_KEY_ARN: configuration.KMSKeyArn }),
  };
}

/** Where programs and modules are looked for. A later layer goes before an earlier one, as it would overwrite it in /opt. */
function searchPaths(variables: Readonly<Record<string, string>>, layers: readonly string[], runtime: string) {
  const paths = (own: string | undefined, ...folders: string[]): string =>
    [
      ...layers.toReversed().flatMap((layer) => folders.map((folder) => join(layer, folder))),
      ...(own ? [own] : []),
    ].join(delimiter);
  const version = runtime.replace(/^(nodejs|python)/, '').replace('.x', '');
  return {
    PATH: paths(process.env.PATH, 'bin'),
    NODE_PATH: paths(variables.NODE_PATH, 'nodejs/node_modules', `nodejs/node${version}/node_modules`),
    PYTHONPATH: paths(variables.PYTHONPATH, 'python', `python/lib/python${version}/site-packages`),
    LD_LIBRARY_PATH: paths(variables.LD_LIBRARY_PATH, 'lib'),
  };
}
