import type { Timer } from '@tablewright/base';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { KmsPort } from '../../kernel/kernel.js';
import type { OfferedPolicy } from '../../kernel/resource-policies.js';
import { ServiceError } from '../../wire/index.js';
import { type KeyRecord, keyArn } from './key-record.js';
import { assertUsable, DAY_MS, KeyStore, type KeyStoreOptions } from './key-store.js';
import { DYNAMODB_ALIAS } from './managed-keys.js';
import { offeredPolicy } from './offered-policy.js';

/**
 * What the clock does to keys, whether anybody asks KMS or not: keys are deleted when their waiting time is over, and
 * rotated when their period is. And what other services need of keys: their ARN and whether they can be used.
 */
export class KeySchedule implements KmsPort {
  readonly #store: KeyStore;
  readonly #listeners = new Set<(keyArn: string) => void>();
  #timer: Timer | undefined;

  constructor(private readonly kernel: Omit<KeyStoreOptions, 'keyChanged'>) {
    this.#store = new KeyStore({ ...kernel, keyChanged: (arn) => this.keyChanged(arn) });
  }

  /** Catches up with what fell due while nothing ran, and goes on from there. */
  start(): void {
    this.#run();
  }

  close(): void {
    this.#timer?.cancel();
  }

  keyArn(caller: Caller, given: string): string {
    if (this.#isDynamoDbKey(caller, given)) return this.kernel.dynamoDbKeyArn(caller);
    return keyArn(assertUsable(this.#store.find(caller, given)));
  }

  async openKey(caller: Caller, given: string): Promise<string> {
    return keyArn(await this.#store.usable(caller, given));
  }

  fault(arn: string): { code: string; message: string } | undefined {
    const [, , , region = '', accountId = ''] = arn.split(':');
    try {
      this.keyArn({ accountId, region }, arn);
      return undefined;
    } catch (error) {
      if (error instanceof ServiceError) return { code: error.code, message: error.message };
      throw error;
    }
  }

  /** Who may use a key. */
  policyOf(arn: string): OfferedPolicy | undefined {
    return offeredPolicy(this.#store, arn);
  }

  keyChanged(arn: string): void {
    for (const listener of this.#listeners) listener(arn);
    this.#arm();
  }

  subscribe(listener: (keyArn: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** That key is there for everyone who names it, also before it is first looked at. */
  #isDynamoDbKey(caller: Caller, given: string): boolean {
    const arn = this.kernel.dynamoDbKeyArn(caller);
    return (
      given === DYNAMODB_ALIAS || given === arn || given.endsWith(`:${DYNAMODB_ALIAS}`) || arn.endsWith(`/${given}`)
    );
  }

  #run(): void {
    const nowMs = this.kernel.clock.nowMs();
    for (const key of [...this.#store.keys.all()]) {
      if (key.deletionMs !== undefined && key.deletionMs <= nowMs) this.#delete(key);
      else if (key.state === 'Enabled' && key.rotation !== undefined && key.rotation.nextMs <= nowMs) this.#rotate(key);
    }
    this.#arm();
  }

  #delete(key: KeyRecord): void {
    const done = this.kernel.store.change((writer) => this.#store.removeIn(writer, key));
    // A store that cannot write fails every request that follows with the same error; the next start tries again.
    done.catch(() => {});
    this.keyChanged(keyArn(key));
  }

  #rotate(key: KeyRecord): void {
    const { periodDays } = key.rotation ?? { periodDays: 365 };
    const nextMs = this.kernel.clock.nowMs() + periodDays * DAY_MS;
    const materials = [...key.materials, this.#store.newMaterial('AUTOMATIC')];
    const rotated = { ...key, materials, rotation: { periodDays, nextMs } };
    this.#store.keys.put(partitionOf(key), key.keyId, rotated).catch(() => {});
  }

  #arm(): void {
    this.#timer?.cancel();
    const nowMs = this.kernel.clock.nowMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const key of this.#store.keys.all()) {
      nextMs = Math.min(nextMs, key.deletionMs ?? key.rotation?.nextMs ?? nextMs);
    }
    if (nextMs === Number.POSITIVE_INFINITY) return;
    // A day at most: the machine's timers know no more than some weeks.
    const delayMs = Math.min(Math.max(nextMs - nowMs, 1), DAY_MS);
    this.#timer = this.kernel.clock.after(delayMs, () => this.#run());
  }
}
