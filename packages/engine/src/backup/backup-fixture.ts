import assert from 'node:assert/strict';
import { EngineFixture, orders } from '../control/engine-fixture.js';
import { encodeOutput } from '../data/index.js';

/** An item's form in these tests: its key, and a value that shows which write made it. */
export type Items = ReadonlyMap<string, string>;

/** An engine with tables of plain items. */
export class BackupFixture extends EngineFixture {
  async table(name = 'orders', changes: Record<string, unknown> = {}): Promise<void> {
    await this.run('CreateTable', orders({ TableName: name, ...changes }));
  }

  async put(key: string, value: string, name = 'orders'): Promise<void> {
    await this.run('PutItem', { TableName: name, Item: { pk: { S: key }, value: { S: value } } });
  }

  async remove(key: string, name = 'orders'): Promise<void> {
    await this.run('DeleteItem', { TableName: name, Key: { pk: { S: key } } });
  }

  async recovery(enabled: boolean, days?: number): Promise<void> {
    await this.run('UpdateContinuousBackups', {
      TableName: 'orders',
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: enabled,
        ...(days !== undefined && { RecoveryPeriodInDays: days }),
      },
    });
  }

  /** The window that DescribeContinuousBackups shows, in epoch seconds. */
  async window(): Promise<{ earliest: number; latest: number }> {
    const output = await this.run('DescribeContinuousBackups', { TableName: 'orders' });
    const description = output.ContinuousBackupsDescription as Record<string, Record<string, number>>;
    const { EarliestRestorableDateTime: earliest, LatestRestorableDateTime: latest } =
      description.PointInTimeRecoveryDescription ?? {};
    assert.ok(earliest !== undefined && latest !== undefined, 'point-in-time recovery is on');
    return { earliest, latest };
  }

  async backup(name = 'nightly'): Promise<string> {
    const output = await this.run('CreateBackup', { TableName: 'orders', BackupName: name });
    return (output.BackupDetails as { BackupArn: string }).BackupArn;
  }

  async restoreTo(atSeconds: number, target: string, changes: Record<string, unknown> = {}): Promise<void> {
    await this.run('RestoreTableToPointInTime', {
      SourceTableName: 'orders',
      TargetTableName: target,
      RestoreDateTime: atSeconds,
      ...changes,
    });
  }

  async restoreFrom(backupArn: string, target: string, changes: Record<string, unknown> = {}): Promise<void> {
    await this.run('RestoreTableFromBackup', { BackupArn: backupArn, TargetTableName: target, ...changes });
  }

  /** What a table or index holds, once the work in the background is done. */
  async items(name: string, index?: string): Promise<Items> {
    await this.engine.idle();
    const found = new Map<string, string>();
    let start: unknown;
    do {
      const input = {
        TableName: name,
        ...(index && { IndexName: index }),
        ...(start ? { ExclusiveStartKey: start } : {}),
      };
      const page = JSON.parse(encodeOutput(await this.run('Scan', input)).toString());
      for (const item of page.Items) found.set(item.pk.S, item.value.S);
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  }

  /** Keys of histories in the store: journal entries, entries of indexes by time, pins and sweeps. */
  historyKeys(): string[] {
    const prefixes = ['Dj', 'Dp', 'Dt', 'Dw'];
    return prefixes.flatMap((prefix) => {
      const end = prefix.slice(0, 1) + String.fromCharCode(prefix.charCodeAt(1) + 1);
      return [...this.store.range({ start: prefix, end })].map(({ key }) => key);
    });
  }

  /** Keys of items in the store, whatever their table. */
  itemKeys(): string[] {
    return [...this.store.range({ start: 'Dd', end: 'De' })].map(({ key }) => key);
  }
}
