import type { CredentialFault } from '../kernel/credential.js';
import type { Kernel } from '../kernel/kernel.js';
import { loadServiceModel, type ServiceError, type ServiceModel } from '../wire/index.js';
import { credentialError } from './credential-error.js';
import type { Service, ServiceFactory } from './service.js';

/**
 * The services besides DynamoDB, by signing name. Each is loaded, with the SDK's schemas of it, when the first
 * request for it arrives, so that the endpoint starts quickly and stays small.
 */
const FACTORIES: Readonly<Record<string, () => Promise<ServiceFactory>>> = {
  sts: async () => (await import('./sts/sts-service.js')).stsService,
  kinesis: async () => (await import('./kinesis/kinesis-service.js')).kinesisService,
  kms: async () => (await import('./kms/kms-service.js')).kmsService,
  s3: async () => (await import('./s3/s3-service.js')).s3Service,
  lambda: async () => (await import('./lambda/lambda-service.js')).lambdaService,
  monitoring: async () => (await import('./cloudwatch/cloudwatch-service.js')).cloudWatchService,
};

/** Signing names of all services that the endpoint has. */
export const serviceNames: readonly string[] = ['dynamodb', ...Object.keys(FACTORIES)];

export interface LoadedService extends Service {
  readonly model: ServiceModel;
  /** What the service answers when the signature is missing or malformed. */
  credentialError(fault: CredentialFault): ServiceError;
}

export class ServiceRegistry {
  readonly #loaded = new Map<string, Promise<LoadedService>>();

  constructor(private readonly kernel: Kernel) {}

  /** The service; undefined when there is none of that name. */
  load(name: string): Promise<LoadedService> | undefined {
    const known = this.#loaded.get(name);
    if (known !== undefined) return known;
    const factory = Object.hasOwn(FACTORIES, name) ? FACTORIES[name] : undefined;
    if (factory === undefined) return undefined;
    const loading = this.#load(factory);
    this.#loaded.set(name, loading);
    // A failure to load is not for ever: the next request tries again.
    loading.catch(() => this.#loaded.delete(name));
    return loading;
  }

  async #load(factory: () => Promise<ServiceFactory>): Promise<LoadedService> {
    const service = (await factory())(this.kernel);
    const model = await loadServiceModel(service.definition);
    return { ...service, model, credentialError: (fault) => credentialError(service.definition.name, fault) };
  }
}
