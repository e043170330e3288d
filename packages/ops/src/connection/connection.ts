import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { STSClient } from '@aws-sdk/client-sts';
import { type Clock, type Random, systemClock, systemRandom } from '@tablewright/base';
import { type RetryOptions, retrying } from './retry.js';

export interface StaticCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface ConnectOptions {
  /** URL of an endpoint that takes AWS's place. Undefined means AWS itself, whatever `AWS_ENDPOINT_URL` says. */
  readonly endpoint?: string;
  readonly region: string;
  /** Default: the SDK's standard chain (environment, profile, SSO, container, instance). */
  readonly credentials?: StaticCredentials;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** What every client of a connection is made with. */
export type ClientConfig = Readonly<
  Pick<DynamoDBClientConfig, 'region' | 'maxAttempts' | 'endpoint' | 'credentials'> & {
    ignoreConfiguredEndpointUrls?: true;
    requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
  }
>;

/** The clients that operations speak through, with the one retry policy around every call. */
export interface Connection {
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly dynamodb: DynamoDBClient;
  readonly sts: STSClient;
  /** Settings for the clients of further services, which whoever needs them makes and destroys. */
  readonly clientConfig: ClientConfig;
  /** Makes a call, and makes it again while it fails with what passes by itself. The call must be idempotent. */
  call<T>(action: () => Promise<T>, options?: Pick<RetryOptions, 'signal' | 'policy' | 'onRetry'>): Promise<T>;
  close(): void;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** Makes the clients for a target. Nothing is sent yet. */
export function connect(options: ConnectOptions): Connection {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const config: ClientConfig = {
    region: options.region,
    // Retries are this package's own (retry.ts), so that there is one policy, on the given clock.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    ...(options.endpoint === undefined ? { ignoreConfiguredEndpointUrls: true } : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  };
  const dynamodb = new DynamoDBClient(config);
  // The SDK prepares a log entry for each call, walking through all of its items, even where no logger is set.
  dynamodb.middlewareStack.remove('loggerMiddleware');
  const sts = new STSClient(config);
  return {
    endpoint: options.endpoint,
    region: options.region,
    clock,
    random,
    dynamodb,
    sts,
    clientConfig: config,
    call: (action, callOptions) => retrying(action, { clock, random, ...callOptions }),
    close() {
      dynamodb.destroy();
      sts.destroy();
    },
  };
}
