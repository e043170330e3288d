import {
  AwsJson1_0Protocol,
  AwsJson1_1Protocol,
  AwsQueryProtocol,
  AwsSmithyRpcV2CborProtocol,
} from '@aws-sdk/core/protocols';
import type { Protocol } from '../index.js';
import { type SdkProtocol, SdkSide } from './sdk-side.js';
import { definitions } from './service-definitions.js';

export type ServiceName = keyof typeof definitions;

interface SdkClient {
  readonly config: { readonly protocol: SdkProtocol & { readonly options: object } };
}

export const serviceNames = Object.keys(definitions) as ServiceName[];

/** The target prefix and RPC service name that {@link sdkSide} uses. */
export const target = 'Target_1';

const rpcProtocols = {
  awsJson1_0: AwsJson1_0Protocol,
  awsJson1_1: AwsJson1_1Protocol,
  awsQuery: AwsQueryProtocol,
  rpcv2Cbor: AwsSmithyRpcV2CborProtocol,
};

const clientClasses: Readonly<Record<ServiceName, string>> = {
  sts: 'STSClient',
  iam: 'IAMClient',
  lambda: 'LambdaClient',
  s3: 'S3Client',
  cloudwatch: 'CloudWatchClient',
  kms: 'KMSClient',
  dynamodb: 'DynamoDBClient',
};

/** The client's own protocol and, where its model needs no HTTP bindings, all the RPC protocols. */
export function protocolsOf(name: ServiceName): Protocol[] {
  const own: readonly Protocol[] = definitions[name].protocols;
  if (own.some((protocol) => protocol.startsWith('rest'))) return [...own];
  return Object.keys(rpcProtocols) as (keyof typeof rpcProtocols)[];
}

/** The SDK's serialisers of a client for one of {@link protocolsOf}. */
export function sdkSide(module: object, name: ServiceName, protocol: Protocol): SdkSide {
  const Client = Object.entries(module).find(([key]) => key === clientClasses[name])?.[1] as new (
    options: object,
  ) => SdkClient;
  const own = new Client({ region: 'us-east-1' });
  const override = Object.entries(rpcProtocols).find(([key]) => key === protocol)?.[1];
  if (override === undefined) return new SdkSide(own.config.protocol, own.config, target);
  const { version } = definitions[name];
  const protocolSettings = { xmlNamespace: 'urn:x', ...own.config.protocol.options, serviceTarget: target, version };
  const client = new Client({ region: 'us-east-1', protocol: override, protocolSettings });
  return new SdkSide(client.config.protocol, client.config, target);
}
