import type { ServiceDefinition, ServiceModel } from './service-model.js';

export async function buildServiceModel(definition: ServiceDefinition): Promise<ServiceModel> {
  throw new Error(`no model of ${definition.name} yet`);
}
