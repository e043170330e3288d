import type { ServiceDefinition } from '../index.js';

/** Descriptions of real services, as a service folder would write them. */
export const definitions = {
  sts: {
    name: 'sts',
    client: () => import('@aws-sdk/client-sts'),
    protocols: ['awsQuery'],
    version: '2011-06-15',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  },
  iam: {
    name: 'iam',
    client: () => import('@aws-sdk/client-iam'),
    protocols: ['awsQuery'],
    version: '2010-05-08',
    xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  },
  lambda: {
    name: 'lambda',
    client: () => import('@aws-sdk/client-lambda'),
    protocols: ['restJson1'],
    version: '2015-03-31',
  },
  s3: {
    name: 's3',
    client: () => import('@aws-sdk/client-s3'),
    protocols: ['restXml'],
    version: '2006-03-01',
    xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    s3Responses: true,
    unwrappedOutputs: ['GetBucketLocation'],
    leadingLabel: { member: 'Bucket', fromHost: (host) => /^(.+)\.s3[.-]/.exec(host)?.[1] },
  },
  cloudwatch: {
    name: 'monitoring',
    client: () => import('@aws-sdk/client-cloudwatch'),
    protocols: ['awsQuery', 'awsJson1_0', 'rpcv2Cbor'],
    version: '2010-08-01',
    targetPrefix: 'GraniteServiceVersion20100801',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    awsQueryCompatible: true,
  },
  kms: {
    name: 'kms',
    client: () => import('@aws-sdk/client-kms'),
    protocols: ['awsJson1_1'],
    version: '2014-11-01',
    targetPrefix: 'TrentService',
  },
  dynamodb: {
    name: 'dynamodb',
    client: () => import('@aws-sdk/client-dynamodb'),
    protocols: ['awsJson1_0'],
    version: '2012-08-10',
    targetPrefix: 'DynamoDB_20120810',
  },
} as const satisfies Record<string, ServiceDefinition>;
