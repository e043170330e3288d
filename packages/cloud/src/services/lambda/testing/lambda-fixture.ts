import type { TestContext } from 'node:test';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { zipOfFiles } from '@tablewright/testkit';
import { type TestEndpoint, testEndpoint } from '../../../testing/test-endpoint.js';

/** Sums of a metric of AWS/Lambda over the tests' first day, by one dimension. */
export async function metricSum(
  endpoint: TestEndpoint,
  MetricName: string,
  Name: string,
  Value: string,
): Promise<number> {
  const cloudwatch = new CloudWatchClient(endpoint.clientOptions());
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: [{ Name, Value }],
      StartTime: new Date('2026-01-01T00:00:00Z'),
      EndTime: new Date('2026-01-02T00:00:00Z'),
      Period: 86_400,
      Statistics: ['Sum'],
    }),
  );
  cloudwatch.destroy();
  return Datapoints.reduce((total, point) => total + (point.Sum ?? 0), 0);
}

/** An endpoint with functions, for tests. */
export interface LambdaFixture {
  readonly endpoint: TestEndpoint;
  readonly lambda: LambdaClient;
  /** Makes a Node.js function of one ES module. */
  create(name: string, code: string, settings?: Partial<CreateFunctionCommandInput>): Promise<void>;
  /** Invokes it and waits. */
  invoke(name: string, event?: unknown): Promise<{ error: string | undefined; payload: unknown }>;
}

export const WORKER_ROLE = 'arn:aws:iam::000000000000:role/worker';
const TRUST = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};

/** A role that Lambda may assume and that may do everything. */
export async function createWorkerRole(endpoint: TestEndpoint): Promise<void> {
  const iam = new IAMClient(endpoint.clientOptions());
  const RoleName = 'worker';
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST) }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  iam.destroy();
}

export async function lambdaFixture(
  context: TestContext,
  options: Parameters<typeof testEndpoint>[1] = {},
): Promise<LambdaFixture> {
  const endpoint = await testEndpoint(context, options);
  const lambda = new LambdaClient(endpoint.clientOptions());
  context.after(() => lambda.destroy());
  await createWorkerRole(endpoint);
  return {
    endpoint,
    lambda,
    async create(FunctionName, code, settings = {}) {
      const Code = { ZipFile: zipOfFiles({ 'index.mjs': code }) };
      const Role = WORKER_ROLE;
      // Functions run in the machine's time, which may stand still for longer than the three seconds of the default.
      const standard = {
        FunctionName,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role,
        Code,
        Timeout: 30,
      } as const;
      await lambda.send(new CreateFunctionCommand({ ...standard, ...settings }));
    },
    async invoke(FunctionName, event = {}) {
      const Payload = JSON.stringify(event);
      const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
      return { error: answer.FunctionError, payload: JSON.parse(answer.Payload?.transformToString() ?? 'null') };
    },
  };
}
