import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { ConcurrencyOperations } from './functions/concurrency-operations.js';
import { FunctionOperations } from './functions/function-operations.js';
import { TagOperations } from './functions/tag-operations.js';
import { VersionOperations } from './functions/version-operations.js';
import { AsyncEvents } from './invocation/async-events.js';
import { invocationStatus, invokeOperation } from './invocation/invoke-operation.js';
import { Invoker } from './invocation/invoker.js';
import { LambdaParts } from './lambda-parts.js';
import { EventSourceMappings } from './mappings/event-source-mappings.js';

/**
 * AWS Lambda, REST-JSON: functions with versions, aliases, layers and resource policies, run in processes of their own
 * by this machine's Node.js and python3; synchronous and asynchronous invocation; event source mappings on DynamoDB
 * streams, Kinesis data streams and SQS queues.
 * https://docs.aws.amazon.com/lambda/latest/api/
 * Differs: functions are Active at once; every nodejs runtime is the Node.js of the endpoint, every python runtime the
 * machine's python3, other runtimes are kept but not run; code sees the machine's file system, its own under
 * LAMBDA_TASK_ROOT and layers by NODE_PATH, PYTHONPATH and PATH instead of /opt; code from container images and
 * provisioned concurrency are not emulated; a function runs in the machine's time, whatever the endpoint's clock says.
 */
export function lambdaService(kernel: Kernel): Service {
  const parts = new LambdaParts(kernel);
  const { policies, eventConfigs, layers } = parts;
  const functions = new FunctionOperations(parts);
  const versions = new VersionOperations(parts);
  const concurrency = new ConcurrencyOperations(parts);
  const invoker = new Invoker(parts);
  const events = new AsyncEvents(parts, invoker);
  const mappings = new EventSourceMappings(parts, invoker);
  const tags = new TagOperations(parts, mappings);
  kernel.resourcePolicies.offer('lambda', (arn) => policies.ofArn(arn));
  return defineService<typeof import('@aws-sdk/client-lambda')>(
    {
      AddLayerVersionPermission: undefined,
      AddPermission: (context, input) => policies.add(context, input),
      CheckpointDurableExecution: undefined,
      CreateAlias: (context, input) => versions.createAlias(context, input),
      CreateCapacityProvider: undefined,
      CreateCodeSigningConfig: undefined,
      CreateEventSourceMapping: (context, input) => mappings.create(context, input),
      CreateFunction: (context, input) => functions.create(context, input),
      CreateFunctionUrlConfig: undefined,
      DeleteAlias: (context, input) => versions.deleteAlias(context, input),
      DeleteCapacityProvider: undefined,
      DeleteCodeSigningConfig: undefined,
      DeleteEventSourceMapping: (context, input) => mappings.remove(context, input),
      DeleteFunctionCodeSigningConfig: undefined,
      DeleteFunction: (context, input) => functions.remove(context, input),
      DeleteFunctionConcurrency: (context, input) => concurrency.remove(context, input),
      DeleteFunctionEventInvokeConfig: (context, input) => eventConfigs.remove(context, input),
      DeleteFunctionUrlConfig: undefined,
      DeleteLayerVersion: (context, input) => layers.remove(context, input),
      DeleteProvisionedConcurrencyConfig: undefined,
      DeleteResourcePolicy: undefined,
      GetAccountSettings: (context) => functions.accountSettings(context),
      GetAlias: (context, input) => versions.getAlias(context, input),
      GetCapacityProvider: undefined,
      GetCodeSigningConfig: undefined,
      GetDurableExecution: undefined,
      GetDurableExecutionHistory: undefined,
      GetDurableExecutionState: undefined,
      GetEventSourceMapping: (context, input) => mappings.get(context, input),
      GetFunctionCodeSigningConfig: (context, input) => functions.codeSigningConfig(context, input),
      GetFunction: (context, input) => functions.get(context, input),
      GetFunctionConcurrency: (context, input) => concurrency.get(context, input),
      GetFunctionConfiguration: (context, input) => functions.getConfiguration(context, input),
      GetFunctionEventInvokeConfig: (context, input) => eventConfigs.get(context, input),
      GetFunctionRecursionConfig: undefined,
      GetFunctionScalingConfig: undefined,
      GetFunctionUrlConfig: undefined,
      GetLayerVersionByArn: (context, input) => layers.getByArn(context, input),
      GetLayerVersion: (context, input) => layers.get(context, input),
      GetLayerVersionPolicy: undefined,
      GetPolicy: (context, input) => policies.get(context, input),
      GetProvisionedConcurrencyConfig: undefined,
      GetResourcePolicy: undefined,
      GetRuntimeManagementConfig: undefined,
      InvokeAsync: undefined,
      Invoke: invokeOperation(parts, invoker, events),
      InvokeWithResponseStream: undefined,
      ListAliases: (context, input) => versions.listAliases(context, input),
      ListCapacityProviders: undefined,
      ListCodeSigningConfigs: undefined,
      ListDurableExecutionsByFunction: undefined,
      ListEventSourceMappings: (context, input) => mappings.list(context, input),
      ListFunctionEventInvokeConfigs: (context, input) => eventConfigs.list(context, input),
      ListFunctionUrlConfigs: undefined,
      ListFunctionVersionsByCapacityProvider: undefined,
      ListFunctionsByCodeSigningConfig: undefined,
      ListFunctions: (context, input) => functions.list(context, input),
      ListLayerVersions: (context, input) => layers.listVersions(context, input),
      ListLayers: (context, input) => layers.list(context, input),
      ListProvisionedConcurrencyConfigs: undefined,
      ListTags: (context, input) => tags.list(context, input),
      ListVersionsByFunction: (context, input) => versions.listVersions(context, input),
      PublishLayerVersion: (context, input) => layers.publish(context, input),
      PublishVersion: (context, input) => versions.publish(context, input),
      PutFunctionCodeSigningConfig: undefined,
      PutFunctionConcurrency: (context, input) => concurrency.put(context, input),
      PutFunctionEventInvokeConfig: (context, input) => eventConfigs.put(context, input),
      PutFunctionRecursionConfig: undefined,
      PutFunctionScalingConfig: undefined,
      PutProvisionedConcurrencyConfig: undefined,
      PutResourcePolicy: undefined,
      PutRuntimeManagementConfig: undefined,
      RemoveLayerVersionPermission: undefined,
      RemovePermission: (context, input) => policies.remove(context, input),
      SendDurableExecutionCallbackFailure: undefined,
      SendDurableExecutionCallbackHeartbeat: undefined,
      SendDurableExecutionCallbackSuccess: undefined,
      StopDurableExecution: undefined,
      TagResource: (context, input) => tags.tag(context, input),
      UntagResource: (context, input) => tags.untag(context, input),
      UpdateAlias: (context, input) => versions.updateAlias(context, input),
      UpdateCapacityProvider: undefined,
      UpdateCodeSigningConfig: undefined,
      UpdateEventSourceMapping: (context, input) => mappings.update(context, input),
      UpdateFunctionCode: (context, input) => functions.updateCode(context, input),
      UpdateFunctionConfiguration: (context, input) => functions.updateConfiguration(context, input),
      UpdateFunctionEventInvokeConfig: (context, input) => eventConfigs.update(context, input),
      UpdateFunctionUrlConfig: undefined,
    },
    {
      title: 'Lambda',
      // 50 MB of zip in base64, and the rest of the request.
      bodyLimitBytes: 70 * 1024 * 1024,
      resourceMember: 'FunctionName',
      statusOf: invocationStatus,
      start: () => {
        events.start();
        mappings.start();
      },
      close: async () => {
        events.close();
        mappings.closing();
        await parts.pool.close();
        await mappings.close();
        await invoker.metrics.close();
      },
      definition: {
        name: 'lambda',
        client: () => import('@aws-sdk/client-lambda'),
        protocols: ['restJson1'],
        version: '2015-03-31',
      },
    },
  );
}
