import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Random } from '@tablewright/base';
import {
  defaultKmsKeyArn,
  Engine,
  type ReplicationControl,
  type ThroughputMode,
  type ValidationWords,
} from '@tablewright/engine';
import { openStore, type Store } from '@tablewright/store';
import { PolicyAuthorizer } from '../authorization/policy-authorizer.js';
import { FaultSwitch } from '../faults/fault-switch.js';
import { Activity } from '../kernel/activity.js';
import { AlarmFeed } from '../kernel/alarm-feed.js';
import type { IamOption } from '../kernel/authorizer.js';
import { readClockFile, writeClockFile } from '../kernel/clock-file.js';
import type { ContributorsPort } from '../kernel/contributors-port.js';
import { InFlight } from '../kernel/in-flight.js';
import { Kernel, type TableStreamsPort } from '../kernel/kernel.js';
import { KernelClock } from '../kernel/kernel-clock.js';
import { QueueFeed } from '../kernel/queue-feed.js';
import type { RequestLog } from '../kernel/request-log.js';
import { writeScaling } from '../services/autoscaling/write-scaling.js';
import { AuditTrail } from '../services/cloudtrail/audit-trail.js';
import { MetricStore } from '../services/cloudwatch/metric-store.js';
import { CapacityGauges } from '../services/dynamodb/capacity-gauges.js';
import { DynamoDbEndpoint } from '../services/dynamodb/dynamodb-endpoint.js';
import { importLogs } from '../services/dynamodb/import-logs.js';
import { replicaScaling } from '../services/dynamodb/replica-scaling.js';
import { tableBackups } from '../services/dynamodb/table-backups.js';
import { tableFacts, tablePolicy } from '../services/dynamodb/table-facts.js';
import { tableKeys } from '../services/dynamodb/table-keys.js';
import { TableMetrics } from '../services/dynamodb/table-metrics.js';
import { tableObjects } from '../services/dynamodb/table-objects.js';
import { Identity, trustPolicy } from '../services/iam/identity.js';
import { StreamDelivery } from '../services/kinesis/stream-delivery.js';
import { KeySchedule } from '../services/kms/key-schedule.js';
import { ServiceRegistry, serviceNames } from '../services/registry.js';
import { lazyObjects } from '../services/s3/lazy-objects.js';
import { InProcessCalls } from './in-process-calls.js';
import { Outbox } from './outbox.js';

/** Everything that stands on one opened store. A reset closes one estate and opens another. */
export interface Estate {
  readonly kernel: Kernel;
  readonly outbox: Outbox;
  readonly dynamodb: DynamoDbEndpoint;
  readonly services: ServiceRegistry;
  readonly clock: KernelClock;
  readonly faults: FaultSwitch;
  readonly replication: ReplicationControl;
  close(): Promise<void>;
}

export interface EstateOptions {
  /** The machine's, which the endpoint's own clock follows. */
  readonly machineClock: Clock;
  readonly random: Random;
  readonly dataDir: string;
  readonly requests: RequestLog;
  /** `host:port` that clients reach the endpoint at. */
  readonly address: string;
  readonly throughput: ThroughputMode;
  /** What becomes of requests that policies deny. */
  readonly iam: IamOption;
  readonly transitionDelayMs: number;
  /** How long a table's partition keeps unused capacity, 0 to 300; undefined for the engine's default. */
  readonly partitionBurstSeconds?: number | undefined;
  /** How requests on items are refused; undefined for the engine's default. */
  readonly validationWords?: ValidationWords | undefined;
  /** Open shards of each new stream of a table, from 1. */
  readonly streamShards: number;
}

export async function openEstate(options: EstateOptions): Promise<Estate> {
  const { random, throughput, dataDir, machineClock } = options;
  const storeDir = join(options.dataDir, 'store');
  mkdirSync(storeDir, { recursive: true });
  const store: Store = await openStore({ dir: storeDir, random });
  const activity = new Activity((where, fault) => kernel.reportFault(where, fault));
  const clock = new KernelClock(machineClock, activity, {
    saved: readClockFile(dataDir),
    save: (setting) => writeClockFile(dataDir, setting),
  });
  const keys = new KeySchedule({ store, clock, random, dynamoDbKeyArn: defaultKmsKeyArn });
  const streams = new StreamDelivery({ store, clock, random, kms: keys });
  const identity = new Identity({ store, clock, random });
  const objects = lazyObjects(() => kernel);
  const contributors: ContributorsPort = {
    rules: (caller) => engine.contributorRules(caller),
    report: (caller, ruleName, query) => engine.contributorReport(caller, ruleName, query),
  };
  const metrics = new MetricStore(store);
  const tableStreams: TableStreamsPort = {
    subscribe: (arn, listener) => engine.streams.subscribe(arn, listener),
    lastSequenceNumber: (arn) => engine.streams.lastSequenceNumber(arn),
  };
  const trail = new AuditTrail({
    store,
    clock,
    random,
    reportFault: (where, fault) => kernel.reportFault(where, fault),
  });
  const faults = new FaultSwitch({ store, clock, machineClock, random, services: serviceNames });
  const ports = {
    dynamoDbKeyArn: defaultKmsKeyArn,
    kms: keys,
    kinesis: streams,
    objects,
    tableStreams,
    metrics,
    identity,
    contributors,
    alarms: new AlarmFeed(),
    queues: new QueueFeed(),
    tableBackups: tableBackups(() => engine.managedBackups),
    trail,
  };
  const calls = new InProcessCalls(() => ({ kernel, dynamodb, services }));
  const authorizer = new PolicyAuthorizer(
    options.iam,
    () => kernel,
    tableFacts(() => engine),
  );
  const kernel: Kernel = new Kernel({
    ...options,
    clock,
    activity,
    inFlight: new InFlight(),
    store,
    ports,
    calls,
    authorizer,
  });
  kernel.gates.add(trail);
  kernel.gates.add(authorizer);
  kernel.gates.add(faults);
  const engine: Engine = new Engine({
    store,
    clock,
    random,
    throughput,
    transitionDelayMs: options.transitionDelayMs,
    streamShardCount: options.streamShards,
    partitionBurstSeconds: options.partitionBurstSeconds,
    validationWords: options.validationWords,
    endpointAddress: options.address,
    kmsKeys: tableKeys(kernel),
    kinesis: ports.kinesis,
    isWriteAutoScaled: writeScaling(store),
    isPrincipal: (name, owner) => identity.isNamed(owner.accountId, name),
    replicaScaling: replicaScaling(calls, random),
    objectStore: tableObjects(objects),
    importLog: importLogs(calls),
  });
  kernel.resourcePolicies.offer('dynamodb', (arn) => tablePolicy(engine, arn));
  kernel.resourcePolicies.offer('kms', (arn) => keys.policyOf(arn));
  kernel.resourcePolicies.offer('iam', (arn, action) => trustPolicy(identity, arn, action));
  activity.addSource(() => engine.idle());
  const tableMetrics = new TableMetrics(kernel, engine);
  const gauges = new CapacityGauges(kernel, engine);
  const dynamodb = new DynamoDbEndpoint(engine, tableMetrics, gauges);
  const services = new ServiceRegistry(kernel);
  keys.start();
  streams.start();
  gauges.wake();
  services.wake();
  return {
    kernel,
    outbox: new Outbox(),
    dynamodb,
    services,
    clock,
    faults,
    replication: engine.replication,
    async close() {
      clock.close();
      await services.close();
      keys.close();
      streams.close();
      gauges.close();
      await engine.close();
      await tableMetrics.close();
      await trail.flush();
      await store.close();
    },
  };
}
