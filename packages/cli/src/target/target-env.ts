import type { Target } from './target.js';

/** Variables that point the AWS CLI, the SDKs and Terraform at the target; undefined means that one must not be set. */
export function targetEnv(target: Target): Readonly<Record<string, string | undefined>> {
  const region = { AWS_REGION: target.region, AWS_DEFAULT_REGION: target.region };
  if (target.endpoint === undefined) return { AWS_ENDPOINT_URL: undefined, TABLEWRIGHT_TARGET: 'aws', ...region };
  const keys =
    target.credentials === undefined
      ? {}
      : {
          AWS_ACCESS_KEY_ID: target.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: target.credentials.secretAccessKey,
          // Without this, tools that find no role ask a metadata service that is not there.
          AWS_EC2_METADATA_DISABLED: 'true',
        };
  return { AWS_ENDPOINT_URL: target.endpoint, TABLEWRIGHT_TARGET: undefined, ...keys, ...region };
}
