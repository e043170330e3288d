import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Random } from '@tablewright/base';
import { defaultKmsKeyArn, Engine, type ThroughputMode } from '@tablewright/engine';
import { openStore, type Store } from '@tablewright/store';
import { Kernel } from '../kernel/kernel.js';
import type { RequestLog } from '../kernel/request-log.js';
import { DynamoDbEndpoint } from '../services/dynamodb/dynamodb-endpoint.js';
import { IMPORT_LOG_FOLDER, importLogFiles } from '../services/dynamodb/import-log-files.js';
import { tableKeys } from '../services/dynamodb/table-keys.js';
import { tableObjects } from '../services/dynamodb/table-objects.js';
import { StreamDelivery } from '../services/kinesis/stream-delivery.js';
import { KeySchedule } from '../services/kms/key-schedule.js';
import { ServiceRegistry } from '../services/registry.js';
import { lazyObjects } from '../services/s3/lazy-objects.js';
import { Outbox } from './outbox.js';

/** Everything that stands on one opened store. A reset closes one estate and opens another. */
export interface Estate {
  readonly kernel: Kernel;
  readonly outbox: Outbox;
  readonly dynamodb: DynamoDbEndpoint;
  readonly services: ServiceRegistry;
  close(): Promise<void>;
}

export interface EstateOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly dataDir: string;
  readonly requests: RequestLog;
  /** `host:port` that clients reach the endpoint at. */
  readonly address: string;
  readonly throughput: ThroughputMode;
  readonly transitionDelayMs: number;
}

/** Folders under the data folder that hold data, as opposed to logs. */
const DATA_FOLDERS = ['store', 's3', 'lambda', IMPORT_LOG_FOLDER] as const;

export async function openEstate(options: EstateOptions): Promise<Estate> {
  const { clock, random, throughput } = options;
  const storeDir = join(options.dataDir, 'store');
  mkdirSync(storeDir, { recursive: true });
  const store: Store = await openStore({ dir: storeDir, random });
  const keys = new KeySchedule({ store, clock, random, dynamoDbKeyArn: defaultKmsKeyArn });
  const streams = new StreamDelivery({ store, clock, random, kms: keys });
  const objects = lazyObjects(() => kernel);
  const ports = { dynamoDbKeyArn: defaultKmsKeyArn, kms: keys, kinesis: streams, objects };
  const kernel: Kernel = new Kernel({ ...options, store, ports });
  const engine = new Engine({
    store,
    clock,
    random,
    throughput,
    transitionDelayMs: options.transitionDelayMs,
    endpointAddress: options.address,
    kmsKeys: tableKeys(kernel),
    kinesis: ports.kinesis,
    objectStore: tableObjects(objects),
    importLog: importLogFiles(options.dataDir),
  });
  keys.start();
  streams.start();
  return {
    kernel,
    outbox: new Outbox(),
    dynamodb: new DynamoDbEndpoint(engine),
    services: new ServiceRegistry(kernel),
    async close() {
      keys.close();
      streams.close();
      await engine.close();
      await store.close();
    },
  };
}

/** Deletes all data under `dataDir`, the logs excepted. No estate may be open on it. */
export function deleteData(dataDir: string): void {
  for (const folder of DATA_FOLDERS) rmSync(join(dataDir, folder), { recursive: true, force: true });
}
