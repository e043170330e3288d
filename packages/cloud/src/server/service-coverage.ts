import { serviceNames } from '../services/registry.js';
import type { Estate } from './estate.js';

/** How far a service is emulated. */
export interface ServiceCoverage {
  /** Signing name. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** By name. */
  readonly emulated: readonly string[];
  /** These answer that they are not emulated, by name. */
  readonly missing: readonly string[];
}

/** Every service with its operations, as they are in the tables that requests are answered by. */
export async function coverageOf({
  dynamodb,
  services,
}: Pick<Estate, 'dynamodb' | 'services'>): Promise<ServiceCoverage[]> {
  const result: ServiceCoverage[] = [dynamodb.coverage()];
  for (const name of serviceNames.filter((one) => one !== 'dynamodb')) {
    const service = await services.load(name);
    if (service === undefined) continue;
    const operations = Object.keys(service.handlers).sort();
    result.push({
      name,
      title: service.title,
      emulated: operations.filter((operation) => service.handlers[operation] !== undefined),
      missing: operations.filter((operation) => service.handlers[operation] === undefined),
    });
  }
  return result;
}
