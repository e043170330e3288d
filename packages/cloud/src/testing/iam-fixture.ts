import type { TestContext } from 'node:test';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { TestEndpoint } from './test-endpoint.js';

export interface TestCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What an SDK client needs to reach the endpoint with credentials of its own. */
export function optionsAs(endpoint: TestEndpoint, credentials: TestCredentials) {
  return { ...endpoint.clientOptions(), credentials };
}

/** A policy of version 2012-10-17 with these statements. */
export function policyOf(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** IAM as the account's root asks it, and a way to make users with a key. */
export function iamOf(t: TestContext, endpoint: TestEndpoint) {
  const iam = new IAMClient(endpoint.clientOptions());
  t.after(() => iam.destroy());
  return {
    iam,
    /** @param policy Inline, as JSON; or the ARN of a managed one. */
    async user(UserName: string, policy?: string): Promise<TestCredentials> {
      await iam.send(new CreateUserCommand({ UserName }));
      if (policy?.startsWith('arn:') === true)
        await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: policy }));
      else if (policy !== undefined) {
        await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: policy }));
      }
      const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName }));
      return { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' };
    },
  };
}
