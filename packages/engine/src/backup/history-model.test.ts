import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@tablewright/testkit';
import { BackupFixture, type Items } from './backup-fixture.js';

// Random writes, backups, settings and restarts over simulated days, compared with a history that copies everything.

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
const KEYS = 12;

class Model {
  readonly fixture = new BackupFixture();
  readonly current = new Map<string, string>();
  /** The state after everything that happened at its time. */
  readonly states: { atMs: number; items: Items }[] = [];
  readonly backups: { arn: string; items: Items }[] = [];
  #restores = 0;
  #recoveryDays: number | undefined;
  /** Before it nothing is known, also of the second that it lies in, which is told as restorable. */
  #recoveredFromMs = 0;

  constructor(readonly random: SeededRandom) {}

  async start(): Promise<void> {
    await this.fixture.table('orders', {
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'value', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-value',
          KeySchema: [{ AttributeName: 'value', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
  }

  async step(): Promise<void> {
    const dice = this.random.next();
    if (dice < 0.6) await this.#write();
    else if (dice < 0.78) this.fixture.clock.advance(Math.floor(this.random.next() * HOUR_MS * 4));
    else if (dice < 0.82) await this.#backup();
    else if (dice < 0.85) await this.#deleteBackup();
    else if (dice < 0.9) await this.#switchRecovery();
    else if (dice < 0.92) this.fixture.clock.advance(DAY_MS);
    else if (dice < 0.94) await this.fixture.restart('stopped');
    else if (dice < 0.97) await this.#restoreToTime();
    else await this.#restoreBackup();
  }

  async #write(): Promise<void> {
    const key = `key-${Math.floor(this.random.next() * KEYS)}`;
    const value = `v${Math.floor(this.random.next() * 1e9)}`;
    if (this.random.next() < 0.3) {
      await this.fixture.remove(key);
      this.current.delete(key);
    } else {
      await this.fixture.put(key, value);
      this.current.set(key, value);
    }
    this.states.push({ atMs: this.fixture.clock.nowMs(), items: new Map(this.current) });
  }

  async #backup(): Promise<void> {
    this.backups.push({ arn: await this.fixture.backup(), items: new Map(this.current) });
  }

  async #deleteBackup(): Promise<void> {
    const [gone] = this.backups.splice(Math.floor(this.random.next() * this.backups.length), 1);
    if (gone !== undefined) await this.fixture.run('DeleteBackup', { BackupArn: gone.arn });
  }

  async #switchRecovery(): Promise<void> {
    if (this.#recoveryDays === undefined) this.#recoveredFromMs = this.fixture.clock.nowMs();
    this.#recoveryDays = this.random.next() < 0.3 ? undefined : 1 + Math.floor(this.random.next() * 4);
    await this.fixture.recovery(this.#recoveryDays !== undefined, this.#recoveryDays);
  }

  async #restoreToTime(): Promise<void> {
    if (this.#recoveryDays === undefined) return;
    const { earliest, latest } = await this.fixture.window();
    const atMs = Math.round((earliest + this.random.next() * (latest - earliest)) * 1000);
    const target = this.#target();
    const knownMs = Math.max(atMs, this.#recoveredFromMs);
    const expected = this.states.filter((state) => state.atMs <= knownMs).at(-1)?.items ?? new Map();
    await this.fixture.restoreTo(atMs / 1000, target);
    // Writes go on while the items are being copied.
    for (let count = 0; count < 3; count++) await this.#write();
    if (this.random.next() < 0.3) await this.#switchRecovery();
    await this.#compare(target, expected);
  }

  async #restoreBackup(): Promise<void> {
    const backup = this.backups[Math.floor(this.random.next() * this.backups.length)];
    if (backup === undefined) return;
    const target = this.#target();
    await this.fixture.restoreFrom(backup.arn, target);
    for (let count = 0; count < 3; count++) await this.#write();
    await this.#compare(target, backup.items);
  }

  async #compare(target: string, expected: Items): Promise<void> {
    assert.deepEqual(sorted(await this.fixture.items(target)), sorted(expected));
    const { ItemCount, GlobalSecondaryIndexes } = await this.fixture.describe(target);
    assert.equal(ItemCount, expected.size);
    assert.deepEqual(
      (GlobalSecondaryIndexes as { ItemCount: number }[]).map((index) => index.ItemCount),
      [expected.size],
    );
    await this.fixture.run('DeleteTable', { TableName: target });
  }

  #target(): string {
    this.#restores += 1;
    return `restored-${this.#restores}`;
  }

  /** When everything is deleted and has passed, nothing of it may be left in the store. */
  async finish(): Promise<void> {
    for (const { arn, items } of this.backups) {
      await this.fixture.restoreFrom(arn, 'last');
      await this.#compare('last', items);
    }
    await this.fixture.run('DeleteTable', { TableName: 'orders' });
    for (const { arn } of this.backups) await this.fixture.run('DeleteBackup', { BackupArn: arn });
    this.fixture.clock.advance(36 * DAY_MS);
    await this.fixture.engine.idle();
    this.fixture.clock.advance(1);
    await this.fixture.engine.idle();
    assert.deepEqual([this.fixture.historyKeys(), this.fixture.itemKeys()], [[], []]);
  }
}

function sorted(items: Items): [string, string][] {
  return [...items].sort(([one], [other]) => (one < other ? -1 : 1));
}

for (let seed = 1; seed <= 12; seed++) {
  test(`restores give what a history that copies everything gives (seed ${seed})`, async () => {
    const model = new Model(new SeededRandom(seed));
    await model.start();
    for (let step = 0; step < 300; step++) await model.step();
    await model.finish();
  });
}
