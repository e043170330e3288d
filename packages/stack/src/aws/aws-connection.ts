import { type Clock, type Random, systemClock, systemRandom, UserError } from '@tablewright/base';

/** Access keys given in place of the standard credential chain. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where the AWS calls go and on whose behalf. */
export interface AwsConnection {
  /** A URL in place of AWS's own endpoints; absent for AWS itself. */
  readonly endpoint?: string;
  readonly region: string;
  /** Absent: the SDK's standard chain (environment, profile, SSO, roles). */
  readonly credentials?: AwsKeys;
  readonly profile?: string;
  /** Drives every wait for a state of AWS. */
  readonly clock: Clock;
  readonly random: Random;
}

export interface ResolveAwsOptions {
  readonly env: { readonly [name: string]: string | undefined };
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: AwsKeys;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** Region, endpoint and profile from options, else from the environment; a UserError where no region is known. */
export function resolveAws(options: ResolveAwsOptions): AwsConnection {
  const { env } = options;
  const region = options.region ?? nonEmpty(env.AWS_REGION) ?? nonEmpty(env.AWS_DEFAULT_REGION);
  const endpoint = options.endpoint ?? nonEmpty(env.AWS_ENDPOINT_URL);
  const profile = nonEmpty(env.AWS_PROFILE);
  if (region === undefined) {
    throw new UserError('no AWS region is set', 'Set AWS_REGION, such as AWS_REGION=us-east-1, or give --region.');
  }
  return {
    region,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  };
}

/** What every SDK client is made with. */
export function clientConfig(aws: AwsConnection) {
  return {
    region: aws.region,
    maxAttempts: 4,
    ...(aws.endpoint === undefined ? {} : { endpoint: aws.endpoint }),
    ...(aws.profile === undefined ? {} : { profile: aws.profile }),
    ...(aws.credentials === undefined ? {} : { credentials: aws.credentials }),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
