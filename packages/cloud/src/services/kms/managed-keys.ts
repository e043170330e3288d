/**
 * The keys that AWS manages, one per service, account and region, made when they are first used.
 * https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
 */
const SERVICES: Readonly<Record<string, string>> = {
  acm: 'ACM private keys',
  backup: 'Backup data',
  dynamodb: 'DynamoDB data',
  ebs: 'EBS volumes',
  elasticfilesystem: 'EFS filesystems',
  glue: 'Glue data',
  kinesis: 'Kinesis data',
  lambda: 'Lambda functions',
  rds: 'RDS database volumes',
  s3: 'S3 objects',
  secretsmanager: 'Secrets Manager secrets',
  sns: 'SNS messages',
  sqs: 'SQS messages',
  ssm: 'SSM Parameter Store secure string parameters',
};

export const DYNAMODB_ALIAS = 'alias/aws/dynamodb';

/** The description of the key behind `alias/aws/<service>`; undefined when AWS has no such alias. */
export function managedDescription(alias: string): string | undefined {
  const service = alias.startsWith('alias/aws/') ? alias.slice('alias/aws/'.length) : '';
  const what = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  return what && `Default key that protects my ${what} when no other key is defined`;
}

/** Everybody in the account may use the key through its service, nobody may change it. */
export function managedPolicy(accountId: string, region: string, alias: string): string {
  const service = alias.slice('alias/aws/'.length);
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}-1`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use it`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: {
          StringEquals: { 'kms:CallerAccount': accountId, 'kms:ViaService': `${service}.${region}.amazonaws.com` },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  });
}
