import type { Calls } from '../kernel/calls.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Actor } from '../kernel/principal.js';
import type { DynamoDbEndpoint } from '../services/dynamodb/dynamodb-endpoint.js';
import type { ServiceRegistry } from '../services/registry.js';
import type { RequestContext } from '../services/service.js';
import { ServiceError } from '../wire/index.js';
import { notEmulated } from './not-emulated.js';

/** Calls between services: the handlers that requests over the wire end at, without the wire. */
export class InProcessCalls implements Calls {
  constructor(
    /** Asked on each call, since the services are made after the kernel. */
    private readonly parts: () => {
      readonly kernel: Kernel;
      readonly dynamodb: DynamoDbEndpoint;
      readonly services: ServiceRegistry;
    },
  ) {}

  async run<Output extends object>(service: string, operation: string, actor: Actor, input: object): Promise<Output> {
    const { kernel } = this.parts();
    const requestId = kernel.requestIds.uuid();
    const run =
      service === 'dynamodb' ? this.#dynamodb(operation, actor, input) : await this.#handler(service, operation);
    const context: RequestContext = {
      kernel,
      ...actor,
      requestId,
      headers: {},
      endpointUrl: `http://${kernel.address}`,
    };
    const execute = (): object | Promise<object> => run(context, input);
    const isGated = kernel.gates.standBefore(service, operation, '');
    const request = { service, operation, ...actor, accessKeyId: '', input, requestId, userAgent: '' };
    const output = isGated ? await kernel.gates.pass(request, execute) : await execute();
    // The caller names the SDK's own output type of the operation, which is what the handler is held to.
    return output as Output;
  }

  #dynamodb(operation: string, actor: Actor, input: object): () => Promise<object> {
    const { dynamodb } = this.parts();
    return () => dynamodb.call(operation, actor.caller, input);
  }

  async #handler(
    serviceName: string,
    operation: string,
  ): Promise<(context: RequestContext, input: object) => object | Promise<object>> {
    const service = await this.parts().services.load(serviceName);
    if (service === undefined) throw new ServiceError('UnknownService', `there is no service ${serviceName} here`);
    const handler = service.handlers[operation];
    if (handler === undefined) throw notEmulated(service.title, operation);
    // Held to the SDK's types where the service defines it; `run` says who answers for the input.
    return (context, input) => handler(context, input as never);
  }
}
