import type { CredentialFault } from '../kernel/credential.js';
import type { Kernel } from '../kernel/kernel.js';
import { hasRecords } from '../kernel/records.js';
import { loadServiceModel, type ServiceError, type ServiceModel } from '../wire/index.js';
import { credentialError } from './credential-error.js';
import type { Service, ServiceFactory } from './service.js';

/**
 * The services besides DynamoDB, by signing name. Each is loaded, with the SDK's schemas of it, when the first
 * request for it arrives, so that the endpoint starts quickly and stays small.
 */
const ENTRIES: Readonly<Record<string, RegistryEntry>> = {
  iam: { load: async () => (await import('./iam/iam-service.js')).iamService },
  sts: { load: async () => (await import('./sts/sts-service.js')).stsService },
  kinesis: { load: async () => (await import('./kinesis/kinesis-service.js')).kinesisService },
  kms: { load: async () => (await import('./kms/kms-service.js')).kmsService },
  s3: { load: async () => (await import('./s3/s3-service.js')).s3Service, wakesFor: ['s3.lifecycles'] },
  lambda: {
    load: async () => (await import('./lambda/lambda-service.js')).lambdaService,
    wakesFor: ['lambda.events', 'lambda.mappings'],
  },
  sns: { load: async () => (await import('./sns/sns-service.js')).snsService, wakesFor: ['sns.deliveries'] },
  sqs: { load: async () => (await import('./sqs/sqs-service.js')).sqsService },
  logs: { load: async () => (await import('./logs/logs-service.js')).logsService, wakesFor: ['logs.groups'] },
  'application-autoscaling': {
    load: async () => (await import('./autoscaling/autoscaling-service.js')).autoScalingService,
    wakesFor: ['autoscaling.targets'],
  },
  cloudtrail: { load: async () => (await import('./cloudtrail/cloudtrail-service.js')).cloudTrailService },
  backup: {
    load: async () => (await import('./backup/backup-service.js')).backupService,
    wakesFor: ['backup.plans', 'backup.agenda', 'backup.points', 'backup.jobs'],
  },
  monitoring: {
    load: async () => (await import('./cloudwatch/cloudwatch-service.js')).cloudWatchService,
    wakesFor: ['cloudwatch.alarms'],
  },
};

interface RegistryEntry {
  readonly load: () => Promise<ServiceFactory>;
  /**
   * Collections (see Records) of which a single record means that the service acts without being asked. It is then
   * loaded when the endpoint starts.
   */
  readonly wakesFor?: readonly string[];
}

/** Signing names of all services that the endpoint has. */
export const serviceNames: readonly string[] = ['dynamodb', ...Object.keys(ENTRIES)];

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
    const entry = Object.hasOwn(ENTRIES, name) ? ENTRIES[name] : undefined;
    if (entry === undefined) return undefined;
    const loading = this.#load(entry);
    this.#loaded.set(name, loading);
    // A failure to load is not for ever: the next request tries again.
    loading.catch(() => this.#loaded.delete(name));
    return loading;
  }

  /** Loads the services that have something to go on with. */
  wake(): void {
    for (const [name, { wakesFor = [] }] of Object.entries(ENTRIES)) {
      if (!wakesFor.some((collection) => hasRecords(this.kernel.store, collection))) continue;
      const loading = this.load(name);
      // An advance of the clock waits for it: what falls due is the service's.
      if (loading !== undefined) this.kernel.activity.track(`start of ${name}`, loading);
    }
  }

  /** Answers requests that wait for something to happen. */
  letGo(): void {
    for (const loading of this.#loaded.values()) loading.then((service) => service.letGo?.()).catch(() => {});
  }

  /** Ends what the services do by themselves. */
  async close(): Promise<void> {
    for (const loading of this.#loaded.values()) {
      const service = await loading.catch(() => undefined);
      await service?.close?.();
    }
  }

  async #load(entry: RegistryEntry): Promise<LoadedService> {
    const service = (await entry.load())(this.kernel);
    const model = await loadServiceModel(service.definition);
    service.start?.();
    return { ...service, model, credentialError: (fault) => credentialError(service.definition.name, fault) };
  }
}
