import { UserError } from '@tablewright/base';
import type { CliContext } from '../cli-context.js';

/** Where a command acts. */
export interface Target {
  readonly kind: 'local' | 'aws' | 'url';
  /** Undefined for AWS itself. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Undefined: the SDK's standard chain. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

export interface TargetOptions {
  readonly target?: string;
  readonly region?: string;
}

/** Any key pair does for the local endpoint; 12 digits as the key id would name another account. */
const LOCAL_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const LOCAL_REGION = 'us-east-1';

/**
 * `--target`, else TABLEWRIGHT_TARGET, else AWS_ENDPOINT_URL, else the local endpoint, which is started in the
 * background when it isn't running.
 */
export async function resolveTarget(context: CliContext, options: TargetOptions): Promise<Target> {
  const { env } = context;
  const named = options.target || env.TABLEWRIGHT_TARGET || env.AWS_ENDPOINT_URL || 'local';
  if (named === 'aws') return awsTarget(context, options.region);
  if (named !== 'local') return urlTarget(context, parseUrl(named), options.region);
  const { ensureLocalEndpoint } = await import('./local-endpoint.js');
  const endpoint = await ensureLocalEndpoint(context);
  return { kind: 'local', endpoint, region: await regionOf(context, options.region, LOCAL_REGION), ...localKeys(env) };
}

async function awsTarget(context: CliContext, region: string | undefined): Promise<Target> {
  // On purpose AWS itself: an endpoint that the shell or the profile names must not take its place.
  context.env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS = 'true';
  return { kind: 'aws', endpoint: undefined, region: await regionOf(context, region), credentials: undefined };
}

async function urlTarget(context: CliContext, url: URL, region: string | undefined): Promise<Target> {
  const endpoint = url.href.replace(/\/$/, '');
  if (!isLoopback(url)) {
    return { kind: 'url', endpoint, region: await regionOf(context, region), credentials: undefined };
  }
  return { kind: 'local', endpoint, region: await regionOf(context, region, LOCAL_REGION), ...localKeys(context.env) };
}

function parseUrl(text: string): URL {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text);
  const remedy = /^[a-z]+_\w+\./.test(text)
    ? "To limit a command to a resource use --only (or Terraform's -target=…, with one dash)."
    : 'Use local, aws, or a URL such as http://127.0.0.1:4566.';
  throw new UserError(`"${text}" is no target`, remedy);
}

function isLoopback(url: URL): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** Keys from the environment if there are any, so that a 12-digit key id chooses the account; profiles are not asked. */
function localKeys(env: NodeJS.ProcessEnv): Pick<Target, 'credentials'> {
  const accessKeyId = env.AWS_ACCESS_KEY_ID;
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY;
  return { credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : LOCAL_CREDENTIALS };
}

async function regionOf(context: CliContext, named: string | undefined, fallback?: string): Promise<string> {
  const fromEnv = named || context.env.AWS_REGION || context.env.AWS_DEFAULT_REGION;
  if (fromEnv) return fromEnv;
  const { resolveRegion } = await import('@tablewright/ops');
  return resolveRegion(context.env, fallback);
}
