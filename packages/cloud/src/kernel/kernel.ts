import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import type { Activity } from './activity.js';
import type { AlarmFeed } from './alarm-feed.js';
import type { Authorizer } from './authorizer.js';
import type { Caller } from './caller.js';
import type { Calls } from './calls.js';
import type { ContributorsPort } from './contributors-port.js';
import type { Credential, CredentialFault } from './credential.js';
import { Gates } from './gates.js';
import type { IdentityPort } from './identity-port.js';
import type { InFlight } from './in-flight.js';
import type { MetricsPort } from './metrics-port.js';
import type { ObjectsPort } from './objects-port.js';
import { type Principal, rootOf } from './principal.js';
import type { QueueFeed } from './queue-feed.js';
import { RequestIds } from './request-id.js';
import type { RequestLog } from './request-log.js';
import { ResourcePolicyDirectory } from './resource-policies.js';
import type { SignedRequest } from './signature/canonical-request.js';
import { credentialFaultOf, INVALID_TOKEN } from './signature/verify-request.js';
import type { TableBackupsPort } from './table-backups-port.js';
import type { TrailPort } from './trail-port.js';

export interface KernelOptions {
  /** The endpoint's own time, see KernelClock. */
  readonly clock: Clock;
  readonly machineClock: Clock;
  readonly activity: Activity;
  readonly inFlight: InFlight;
  readonly random: Random;
  readonly store: Store;
  /** An existing folder; everything the endpoint keeps lies under it. */
  readonly dataDir: string;
  readonly requests: RequestLog;
  readonly ports: Ports;
  readonly calls: Calls;
  readonly authorizer: Authorizer;
  /** `host:port` that clients reach the endpoint at. */
  readonly address: string;
}

/** What services need of KMS's keys. */
export interface KmsPort {
  /** The ARN of a key given by id, ARN or alias. Throws ServiceError when it is not there or cannot be used. */
  keyArn(caller: Caller, given: string): string;
  /** The same; a managed key of AWS (`alias/aws/kinesis`) that was not there before is made. */
  openKey(caller: Caller, given: string): Promise<string>;
  /** Why the key cannot be used now, as KMS would say it; undefined when it can. */
  fault(keyArn: string): { readonly code: string; readonly message: string } | undefined;
  /** KMS tells that a key's state changed, or that it is gone. */
  keyChanged(keyArn: string): void;
  /** Calls `listener` with the ARN of every key that {@link keyChanged} tells of. Returns what ends it. */
  subscribe(listener: (keyArn: string) => void): () => void;
}

/** What services need of Kinesis's streams. */
export interface KinesisPort {
  isThere(streamArn: string): boolean;
  /** All records or none, in order. Rejects with ServiceError when the stream is gone or takes none. */
  put(
    streamArn: string,
    records: readonly { readonly partitionKey: string; readonly data: Uint8Array }[],
  ): Promise<void>;
  /** By shard: the sequence number after which what is put from now on comes; undefined when there is no such stream. */
  latest(streamArn: string): Readonly<Record<string, string>> | undefined;
  /** Kinesis tells that a stream has new records, or that the stream itself changed: it was made, resharded, deleted, … */
  streamChanged(streamArn: string, change: StreamChange): void;
  /** Calls `listener` with every change of the stream, which need not be there yet. Returns what ends it. */
  subscribe(streamArn: string, listener: (change: StreamChange) => void): () => void;
}

export type StreamChange = 'records' | 'stream';

/** What readers of DynamoDB streams need besides the API, which has no way to be woken. */
export interface TableStreamsPort {
  /** Calls `listener` whenever the stream may have new records or shards. Returns what ends it. */
  subscribe(streamArn: string, listener: () => void): () => void;
  /** The sequence number of the stream's last record; undefined when there is no such stream. */
  lastSequenceNumber(streamArn: string): string | undefined;
}

/** What services ask of each other; they never import one another. */
export interface Ports {
  readonly kms: KmsPort;
  readonly kinesis: KinesisPort;
  readonly objects: ObjectsPort;
  readonly tableStreams: TableStreamsPort;
  readonly identity: IdentityPort;
  readonly contributors: ContributorsPort;
  readonly metrics: MetricsPort;
  readonly alarms: AlarmFeed;
  readonly queues: QueueFeed;
  readonly tableBackups: TableBackupsPort;
  readonly trail: TrailPort;
  /** ARN of the AWS managed key that DynamoDB encrypts tables with, `alias/aws/dynamodb`. */
  dynamoDbKeyArn(caller: Caller): string;
}

/** What every service stands on: time, chance, storage, the request log, and the way to each other. One per endpoint. */
export class Kernel {
  /** The endpoint's own time, which may be frozen, advanced or sped up. Timers of all services are set on it. */
  readonly clock: Clock;
  /** The machine's time, for what a client outside waits for: it goes on while the endpoint's own stands still. */
  readonly machineClock: Clock;
  /** Work that nobody waits for is told here, so that an advance of the clock can wait for it. */
  readonly activity: Activity;
  readonly random: Random;
  readonly store: Store;
  readonly dataDir: string;
  readonly requestIds: RequestIds;
  readonly requests: RequestLog;
  /** What services offer each other, by name; each is set by the service that answers it. */
  readonly ports: Ports;
  /** Asks another service by an operation of its API. */
  readonly calls: Calls;
  /** Holds requests to policies. */
  readonly authorizer: Authorizer;
  /** Where services offer the policies of their resources. */
  readonly resourcePolicies = new ResourcePolicyDirectory();
  /** Requests under way. */
  readonly inFlight: InFlight;
  /** What every request passes before its operation is carried out. */
  readonly gates = new Gates();
  /** `host:port` that clients, functions' code among them, reach the endpoint at. */
  readonly address: string;
  readonly #faultLogPath: string;

  constructor(options: KernelOptions) {
    this.clock = options.clock;
    this.machineClock = options.machineClock;
    this.random = options.random;
    this.store = options.store;
    this.dataDir = options.dataDir;
    this.requestIds = new RequestIds(options.random);
    this.requests = options.requests;
    this.ports = options.ports;
    this.activity = options.activity;
    this.inFlight = options.inFlight;
    this.calls = options.calls;
    this.authorizer = options.authorizer;
    this.address = options.address;
    this.#faultLogPath = join(options.dataDir, 'endpoint.log');
  }

  /**
   * The credential, if the request may come with it, in the account of its key. A key that IAM or STS of this endpoint
   * issued must have signed the request; any other stands for the root of the account that it names, unverified, unless
   * the endpoint takes issued keys only.
   */
  accept(credential: Credential, request: () => SignedRequest): Credential | CredentialFault {
    const { identity } = this.ports;
    const key = identity.isIssued(credential.accessKeyId) ? identity.issuedKey(credential.accessKeyId) : undefined;
    if (key === undefined) return this.authorizer.issuedKeysOnly ? INVALID_TOKEN : credential;
    const fault = credentialFaultOf(request(), key, this.clock.nowMs());
    if (fault !== undefined) return fault;
    identity.keyUsed(key.accessKeyId, credential.service, credential.region);
    return { ...credential, accountId: key.accountId };
  }

  /** Who an accepted credential stands for. */
  principalOf(credential: Credential): Principal {
    return this.ports.identity.issuedKey(credential.accessKeyId)?.principal ?? rootOf(credential.accountId);
  }

  /** A line in `endpoint.log`. */
  note(line: string): void {
    appendFileSync(this.#faultLogPath, `${new Date(this.clock.nowMs()).toISOString()} ${line}\n`);
  }

  /** Notes a defect of ours, with its stack, in `endpoint.log`. The endpoint stays up. */
  reportFault(where: string, fault: unknown): void {
    const detail = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    this.note(`${where}: ${detail}`);
  }
}
