import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import { BackgroundFeed, type BackgroundListener } from './background-feed.js';
import { BackupService, type ManagedBackups, managedBackups } from './backup/index.js';
import { BulkJobs } from './bulk/index.js';
import { Catalog } from './catalog/catalog.js';
import type { Caller, Table } from './catalog/table.js';
import { TableStatistics } from './catalog/table-statistics.js';
import { type AccessFacts, accessFacts } from './control/access-facts.js';
import type { ControlContext, WriteScalingLookup } from './control/control-context.js';
import { resolveKmsKeyByName } from './control/encryption.js';
import { Housekeeper } from './control/housekeeper.js';
import { KeyAccess, type TableKeys } from './control/key-access.js';
import { Lifecycle, storageNumbers } from './control/lifecycle.js';
import type { PrincipalLookup } from './control/policy-document.js';
import { takesPolicy } from './control/resource-policy.js';
import { carryOut, replaceItem } from './data/index.js';
import { DynamoError, type DynamoErrorCode } from './errors.js';
import { Exports } from './export/index.js';
import { type ReplicaScaling, Replication, type ReplicationControl, replicaTransitions } from './global/index.js';
import { type ImportLog, Imports } from './import/index.js';
import {
  type ContributorReport,
  type ContributorReportRequest,
  type ContributorRule,
  Contributors,
  contributorReport,
  contributorRules,
} from './insights/index.js';
import { JobRunner } from './jobs/job-runner.js';
import { KinesisOutbox, type KinesisStreams } from './kinesis/index.js';
import type { ObjectStore } from './object-store.js';
import type { OperationName } from './operation-name.js';
import { type OperationTable, operationTable } from './operations.js';
import { type StreamOperationName, streamOperationNames } from './streams/stream-inputs.js';
import type { StreamReadListener } from './streams/stream-operations.js';
import { type StreamFeed, StreamService } from './streams/stream-service.js';
import { Throughput, type ThroughputFeed, type ThroughputMode } from './throughput/index.js';
import { type ExpiryFeed, TimeToLive } from './ttl/time-to-live.js';
import { checkAllTypes, checkInput, type ValidationWords } from './validation/index.js';

export interface EngineOptions {
  /** Stays the caller's: close the engine first, then the store. */
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * How long tables stay CREATING, UPDATING and DELETING, on the clock. Default 0: the answer says so, and the next
   * request sees the state after it.
   */
  readonly transitionDelayMs?: number;
  /**
   * Open shards of each new stream, from 1. Default 1. On AWS there are as many as the table has partitions, which is
   * not documented for small tables; one shard suits every reader, also those that look at the first shard alone.
   */
  readonly streamShardCount?: number;
  /**
   * Whether tables throttle at their capacity, as on AWS, or let everything through and only count. Default
   * 'enforced'.
   */
  readonly throughput?: ThroughputMode;
  /**
   * For how many seconds a partition keeps what it has not used of its 3,000 reads and 1,000 writes a second, 0 to 300.
   * Default 300, as AWS has it at best; with 0 or 1 a hot key meets its ceiling within a second.
   */
  readonly partitionBurstSeconds?: number | undefined;
  /** In which words requests on items are refused that AWS words differently since autumn 2026. Default 'older'. */
  readonly validationWords?: ValidationWords | undefined;
  /** Where changes of items go that are to go to Kinesis. Default: no table can have such a destination. */
  readonly kinesis?: KinesisStreams;
  /** Asks KMS for the keys of tables. Default: by name, without asking whether the key is there. */
  readonly kmsKeys?: TableKeys;
  /**
   * Asks for the scaling of write capacity, which a provisioned table needs before it gets replicas. Default: there is
   * none, so that only tables on demand get replicas.
   */
  readonly isWriteAutoScaled?: WriteScalingLookup;
  /** Asks IAM for those that resource-based policies name. Default: everybody is there. */
  readonly isPrincipal?: PrincipalLookup;
  /** Reads and sets the scaling of replicas. Default: the operations for it are not emulated. */
  readonly replicaScaling?: ReplicaScaling;
  /** How long a change takes to the replicas in other regions, on the clock. Default 0: they have it a moment later. */
  readonly replicationDelayMs?: number;
  /** Where tables are exported to and imported from, and bulk operations read; without it, none of them is emulated. */
  readonly objectStore?: ObjectStore;
  /** Takes the errors of imports. Default: they are counted only. */
  readonly importLog?: ImportLog;
  /** `host:port` of the server, for DescribeEndpoints, which is not emulated without it. */
  readonly endpointAddress?: string;
}

/** An operation's output in AWS JSON 1.0 terms; items in it may be stored items, see `encodeOutput`. */
export type Output = Readonly<Record<string, unknown>>;

/** Errors that a wrong JSON type elsewhere in the request comes before. */
const PRECEDED_BY_TYPES: ReadonlySet<DynamoErrorCode> = new Set([
  'ResourceNotFoundException',
  'SerializationException',
  'ValidationException',
]);

/** Holds what is under way until an engine comes that has Kinesis. */
const NO_KINESIS: KinesisStreams = {
  isThere: () => false,
  put: () => Promise.reject(new Error('there is no Kinesis to put records to')),
};

/** DynamoDB, for every account and region of one store. */
export class Engine {
  readonly operations: readonly OperationName[];
  /** Those of DynamoDB Streams, which `executeStreams` runs. */
  readonly streamOperations: readonly StreamOperationName[] = streamOperationNames;
  /** Wakes readers of streams. */
  readonly streams: StreamFeed;
  /** What time to live deletes. */
  readonly timeToLive: ExpiryFeed;
  /** Tells what requests consume, and which are throttled. */
  readonly throughput: ThroughputFeed;
  /** The backups that AWS Backup makes. */
  readonly managedBackups: ManagedBackups;
  /** Tells what is replicated between regions, and cuts regions off. */
  readonly replication: ReplicationControl;
  readonly #context: ControlContext;
  readonly #table: OperationTable;
  readonly #statistics: TableStatistics;
  readonly #housekeeper: Housekeeper;
  readonly #streamService: StreamService;
  readonly #catalog: Catalog;
  readonly #feed: BackgroundFeed;
  readonly #timeToLive: TimeToLive;
  readonly #backupService: BackupService;
  readonly #keyAccess: KeyAccess;
  readonly #outbox: KinesisOutbox;
  readonly #replication: Replication;
  readonly #jobs: JobRunner;
  readonly #bulk: BulkJobs;
  readonly #contributors: Contributors;
  readonly #tables: Catalog;

  constructor(options: EngineOptions) {
    const { store, clock, random, transitionDelayMs = 0 } = options;
    const keys = options.kmsKeys ?? { resolve: resolveKmsKeyByName };
    const tables = new Catalog(store);
    const statistics = new TableStatistics(store);
    const feed = new BackgroundFeed();
    const wake = (): void => housekeeper.wake();
    const streamService = new StreamService({
      store,
      clock,
      random,
      transitionDelayMs,
      wake,
      shardCount: options.streamShardCount ?? 1,
    });
    const timeToLive = new TimeToLive({
      store,
      clock,
      wake,
      catalog: tables,
      change: (writer, change) => replaceItem(context, writer, change),
    });
    tables.observe(streamService.streams);
    tables.observe(timeToLive);
    const contributors = new Contributors({ store, clock, wake });
    tables.observe(contributors);
    const throughput = new Throughput({
      clock,
      mode: options.throughput ?? 'enforced',
      partitionBurstSeconds: options.partitionBurstSeconds,
      sizeBytes: (storageNumber) => statistics.of(storageNumber).bytes,
      view: (record) => tables.view(record),
      contributors,
    });
    tables.observe(throughput);
    const backupService = new BackupService({
      store,
      clock,
      random,
      transitionDelayMs,
      statistics,
      wake,
      catalog: tables,
      change: (writer, change) => replaceItem(context, writer, change),
    });
    const { history, backups } = backupService;
    const outbox = new KinesisOutbox({ store, clock, random, feed, streams: options.kinesis ?? NO_KINESIS });
    const replication = new Replication({
      store,
      clock,
      catalog: tables,
      history,
      delayMs: options.replicationDelayMs ?? 0,
      change: (writer, change) => carryOut(context, writer, change),
      fill: (writer, change) => replaceItem(context, writer, change),
      wake,
    });
    tables.observe(replication);
    const housekeeper = new Housekeeper(store, tables, statistics, feed, [
      () => replication.step(),
      () => timeToLive.step(),
      () => streamService.step(),
      () => contributors.step(),
      // Last: a large restore takes long, and must not hold up the others.
      () => backupService.step(),
    ]);
    const lifecycle = new Lifecycle({
      feed,
      catalog: tables,
      statistics,
      clock,
      transitionDelayMs,
      isPinned: (reader, number) => history.isPinned(reader, number),
      wake,
    });
    backupService.start(lifecycle);
    const keyAccess = new KeyAccess({ catalog: tables, clock, backups, keys });
    tables.observe(keyAccess);
    const { streams } = streamService;
    const jobs = new JobRunner();
    const jobOptions = { ...options, transitionDelayMs, runner: jobs };
    const exports = new Exports({ ...jobOptions, catalog: tables, history, resolveKmsKey: keys.resolve });
    const imports = new Imports(jobOptions);
    const bulk = new BulkJobs(jobOptions);
    const context: ControlContext = {
      ...options,
      tables,
      statistics,
      lifecycle,
      streams,
      timeToLive,
      history,
      backups,
      destinations: outbox,
      throughput,
      replication,
      exports,
      imports,
      bulk,
      wake,
      transitionDelayMs,
      resolveKmsKey: keys.resolve,
      isWriteAutoScaled: options.isWriteAutoScaled ?? (() => false),
      isPrincipal: options.isPrincipal ?? (() => true),
    };
    this.#context = context;
    replication.start(replicaTransitions(context));
    this.managedBackups = managedBackups(context);
    this.#table = operationTable(context);
    this.operations = Object.keys(this.#table) as OperationName[];
    this.#statistics = statistics;
    this.#housekeeper = housekeeper;
    this.#streamService = streamService;
    this.#catalog = tables;
    this.#feed = feed;
    this.#timeToLive = timeToLive;
    this.#backupService = backupService;
    this.#keyAccess = keyAccess;
    this.#outbox = outbox;
    this.streams = streams;
    this.timeToLive = timeToLive;
    this.throughput = throughput;
    this.replication = replication;
    this.#replication = replication;
    this.#jobs = jobs;
    this.#bulk = bulk;
    this.#contributors = contributors;
    this.#tables = tables;
    // What it deletes was written by a clean stop; should that fail, every write after it fails, too.
    statistics.start(tables.all().flatMap(storageNumbers)).catch(() => {});
    lifecycle.start();
    keyAccess.start();
    streamService.start();
    outbox.start();
    exports.start();
    imports.start(context);
    bulk.start(context);
    housekeeper.wake();
  }

  /** Runs one operation. Rejects with {@link DynamoError}; a write is durable once this resolves. */
  async execute(operation: string, caller: Caller, input: unknown): Promise<Output> {
    return this.run(operation, caller, input);
  }

  /**
   * The same, without a promise where none is needed: reads answer at once, which spares the hot path some
   * microseconds. Throws {@link DynamoError}, or rejects with it.
   */
  run(operation: string, caller: Caller, input: unknown): Output | Promise<Output> {
    if (!this.#isOperation(operation)) {
      throw new DynamoError('UnknownOperationException', `The operation ${operation} is unknown.`);
    }
    try {
      const checked = checkInput(operation, input, this.#context.validationWords);
      return this.#table[operation](caller, checked) as Output | Promise<Output>;
    } catch (error) {
      if (error instanceof DynamoError && PRECEDED_BY_TYPES.has(error.code)) checkAllTypes(operation, input);
      throw error;
    }
  }

  /** Every table of every account and region, as the data plane sees it. */
  tables(): Table[] {
    return this.#catalog.views();
  }

  /** For metrics: `listener` is told of the work in the background. */
  observeBackground(listener: BackgroundListener): void {
    this.#feed.observe(listener);
  }

  /** For metrics: `listener` is told of every page of records that is read from a stream. */
  observeStreamReads(listener: StreamReadListener): void {
    this.#streamService.observeReads(listener);
  }

  /** Runs one operation of DynamoDB Streams. Rejects with {@link DynamoError}. */
  executeStreams(operation: string, caller: Caller, input: unknown): Promise<Output> {
    return this.#streamService.execute(operation, caller, input);
  }

  /** What policies of access ask of a table; undefined when there is no such table. */
  accessFacts(caller: Caller, nameOrArn: string): AccessFacts | undefined {
    return accessFacts(this.#tables, caller, nameOrArn);
  }

  /** Whether PutResourcePolicy finds what the policy is for, and takes the document. */
  takesPolicy(caller: Caller, resourceArn: string, policy: string): boolean {
    return takesPolicy(this.#context, caller, resourceArn, policy);
  }

  /** The rules of contributor insights in an account and region. */
  contributorRules(place: Caller): ContributorRule[] {
    return contributorRules(this.#tables, place);
  }

  /** What was counted for a rule; undefined when there is no such rule. */
  contributorReport(place: Caller, ruleName: string, request: ContributorReportRequest): ContributorReport | undefined {
    const rule = this.contributorRules(place).find(({ name }) => name === ruleName);
    return rule && contributorReport(this.#contributors, rule, request);
  }

  /**
   * Resolves when the work in the background (new indexes, expired items, removal of deleted tables, counts, exports,
   * imports and bulk operations) is done, or waits for a time on the clock.
   */
  async idle(): Promise<void> {
    await this.#housekeeper.idle();
    await this.#jobs.idle();
    // What a job leaves to do: the items of a table that is gone, a new table's indexes.
    await this.#housekeeper.idle();
    await this.#outbox.idle();
  }

  /** Stops the work in the background and saves the item counts. No operation may run any more. */
  async close(): Promise<void> {
    this.#streamService.close();
    this.#timeToLive.close();
    this.#backupService.close();
    this.#keyAccess.close();
    await this.#outbox.close();
    this.#replication.close();
    await this.#jobs.close();
    await this.#bulk.close();
    await this.#housekeeper.close();
    await this.#contributors.close();
    await this.#statistics.save();
  }

  #isOperation(operation: string): operation is OperationName {
    return Object.hasOwn(this.#table, operation);
  }
}
