import { STSClient } from '@aws-sdk/client-sts';
import { UserError } from '@tablewright/base';

/**
 * The region to act in: AWS_REGION, AWS_DEFAULT_REGION (which the JavaScript SDK alone would not read), the profile's
 * region, else `fallback`.
 */
export async function resolveRegion(env: NodeJS.ProcessEnv, fallback?: string): Promise<string> {
  const named = env.AWS_REGION || env.AWS_DEFAULT_REGION;
  if (named) return named;
  const client = new STSClient({});
  try {
    return await client.config.region();
  } catch (error) {
    if (fallback !== undefined) return fallback;
    throw new UserError('no AWS region is set', 'Set AWS_REGION, e.g. export AWS_REGION=us-east-1.', { cause: error });
  } finally {
    client.destroy();
  }
}
