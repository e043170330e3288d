import type { Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import {
  type AliasRecord,
  aliasArn,
  type GrantRecord,
  type KeyMaterial,
  type KeyRecord,
  keyArn,
  kmsArn,
} from './key-record.js';
import { disabled, invalidState, notFound } from './kms-errors.js';
import { DYNAMODB_ALIAS, managedDescription, managedPolicy } from './managed-keys.js';

/** What a KeyStore stands on. */
export interface KeyStoreOptions extends Pick<Kernel, 'store' | 'clock' | 'random'> {
  /** ARN of the key behind `alias/aws/dynamodb`. */
  readonly dynamoDbKeyArn: (caller: Caller) => string;
  /** Called after a key's state changed. */
  readonly keyChanged: (keyArn: string) => void;
}

const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Keys, aliases and grants of every account and region, in the store. */
export class KeyStore {
  readonly keys: Records<KeyRecord>;
  readonly aliases: Records<AliasRecord>;
  /** By key and grant id. */
  readonly grants: Records<GrantRecord>;

  constructor(readonly kernel: KeyStoreOptions) {
    this.keys = new Records(kernel.store, 'kms.keys');
    this.aliases = new Records(kernel.store, 'kms.aliases');
    this.grants = new Records(kernel.store, 'kms.grants');
  }

  /** By id, ARN, alias or alias ARN, as every operation takes a key. Throws NotFoundException in AWS's words. */
  find(caller: Caller, given: string): KeyRecord {
    const { place, name } = this.#locate(caller, given);
    if (!name.startsWith('alias/')) return this.#byId(place, name, given);
    const alias = this.aliases.get(partitionOf(place), name);
    if (alias === undefined) throw notFound(`Alias ${aliasArn(place, name)} is not found.`);
    return this.#byId(place, alias.keyId, given);
  }

  /** The same; a managed key of AWS that was not there before is made. */
  async open(caller: Caller, given: string): Promise<KeyRecord> {
    const { place, name } = this.#locate(caller, given);
    if (managedDescription(name) !== undefined) await this.ensureManaged(place, name);
    else if (given.endsWith(this.#dynamoDbKeyId(place))) await this.ensureManaged(place, DYNAMODB_ALIAS);
    return this.find(caller, given);
  }

  /** A key that can encrypt. */
  async usable(caller: Caller, given: string): Promise<KeyRecord> {
    return assertUsable(await this.open(caller, given));
  }

  /** The key at its latest, changed inside one durable change; whoever depends on it is told. */
  async update(caller: Caller, given: string, change: (key: KeyRecord) => KeyRecord): Promise<KeyRecord> {
    await this.open(caller, given);
    const changed = await this.kernel.store.change((writer) => {
      const next = change(this.find(caller, given));
      this.keys.putIn(writer, partitionOf(next), next.keyId, next);
      return next;
    });
    this.kernel.keyChanged(keyArn(changed));
    return changed;
  }

  ensureManaged(place: Caller, alias: string): Promise<void> {
    return this.kernel.store.change((writer) => {
      if (this.aliases.getFrom(writer, partitionOf(place), alias) !== undefined) return;
      const keyId = alias === DYNAMODB_ALIAS ? this.#dynamoDbKeyId(place) : this.kernel.random.uuid();
      const nowMs = this.kernel.clock.nowMs();
      this.keys.putIn(writer, partitionOf(place), keyId, {
        keyId,
        accountId: place.accountId,
        region: place.region,
        manager: 'AWS',
        description: managedDescription(alias) ?? '',
        createdMs: nowMs,
        state: 'Enabled',
        multiRegion: false,
        policy: managedPolicy(place.accountId, place.region, alias),
        tags: [],
        rotation: { periodDays: 365, nextMs: nowMs + 365 * DAY_MS },
        materials: [this.newMaterial('CREATED')],
      });
      this.aliases.putIn(writer, partitionOf(place), alias, { name: alias, keyId, createdMs: nowMs, updatedMs: nowMs });
    });
  }

  newMaterial(cause: KeyMaterial['cause']): KeyMaterial {
    const { random, clock } = this.kernel;
    return {
      id: Buffer.from(random.bytes(32)).toString('hex'),
      secret: Buffer.from(random.bytes(32)).toString('base64'),
      createdMs: clock.nowMs(),
      cause,
    };
  }

  aliasesOf(key: KeyRecord): AliasRecord[] {
    return [...this.aliases.list(partitionOf(key))]
      .map(([, alias]) => alias)
      .filter(({ keyId }) => keyId === key.keyId);
  }

  grantsOf(key: KeyRecord): GrantRecord[] {
    return [...this.grants.list(partitionOf(key), { prefix: `${key.keyId}/` })].map(([, grant]) => grant);
  }

  /** Removes a key with its aliases and grants, inside a change. */
  removeIn(writer: Writer, key: KeyRecord): void {
    const partition = partitionOf(key);
    for (const { name } of this.aliasesOf(key)) this.aliases.deleteIn(writer, partition, name);
    for (const { grantId } of this.grantsOf(key)) this.grants.deleteIn(writer, partition, `${key.keyId}/${grantId}`);
    this.keys.deleteIn(writer, partition, key.keyId);
  }

  #byId(place: Caller, keyId: string, given: string): KeyRecord {
    const key = this.keys.get(partitionOf(place), keyId);
    if (key !== undefined) return key;
    if (!KEY_ID.test(keyId)) throw notFound(`Invalid keyId '${given}'`);
    throw notFound(`Key '${kmsArn(place, `key/${keyId}`)}' does not exist`);
  }

  /** Account and region of an ARN are its own; keys of other regions are not reached from here. */
  #locate(caller: Caller, given: string): { place: Caller; name: string } {
    if (!given.startsWith('arn:')) return { place: caller, name: given };
    const [, , service, region = '', accountId = '', ...rest] = given.split(':');
    const name = rest.join(':');
    if (service !== 'kms' || region !== caller.region) throw notFound(`Invalid arn ${region}`);
    return { place: { accountId, region }, name: name.startsWith('key/') ? name.slice('key/'.length) : name };
  }

  #dynamoDbKeyId(place: Caller): string {
    const arn = this.kernel.dynamoDbKeyArn(place);
    return arn.slice(arn.indexOf('key/') + 'key/'.length);
  }
}

export const DAY_MS = 24 * 3_600_000;

/** Throws when the key cannot do anything with data. */
export function assertUsable(key: KeyRecord): KeyRecord {
  if (key.state === 'Disabled') throw disabled(keyArn(key));
  if (key.state === 'PendingDeletion') throw invalidState(keyArn(key), 'is pending deletion');
  return key;
}
