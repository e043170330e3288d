import type { Clock } from '@tablewright/base';
import type { SeededRandom } from '@tablewright/testkit';
import { type EndpointClient, Gone, type Json, Refusal } from './client.js';
import type { Instant } from './ledger.js';
import {
  BUCKET,
  DEFINITIONS,
  indexInput,
  KEYS,
  LOADED,
  loadedLines,
  TABLE,
  TABLE_ARN,
  vectorIndexInput,
} from './scenario.js';

/** Something that holds the items of an instant: a backup, an export, a table made from an export. */
export interface Copy {
  readonly name: string;
  /** `toMs` is Infinity while nobody knows whether it was made. */
  instant: Instant;
  isAcknowledged: boolean;
}

/** What the operator has made, over all lives. */
export interface Copies {
  readonly backups: Copy[];
  /** Named by their S3 prefixes. */
  readonly exports: Copy[];
  /** Named by the tables that they make. */
  readonly imports: Copy[];
  /** Named by the hash keys of their items. */
  readonly loads: Copy[];
}

export interface OperatorOptions {
  readonly client: EndpointClient;
  readonly clock: Clock;
  readonly copies: Copies;
  readonly random: SeededRandom;
  readonly nextNumber: () => number;
}

/** Makes backups, exports, imports, bulk operations and indexes that come and go, while others write. */
export class Operator {
  readonly violations: string[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly options: OperatorOptions) {}

  /** One thing, after the one before; resolves when it is acknowledged or the endpoint is gone. */
  act(): Promise<void> {
    this.#last = this.#last.then(() => this.#act());
    return this.#last;
  }

  async #act(): Promise<void> {
    const action = this.options.random.pick([
      () => this.#index(),
      () => this.#vectorIndex(),
      () => this.#backup(),
      () => this.#export(),
      () => this.#import(),
      () => this.#load(),
    ]);
    try {
      await action();
    } catch (error) {
      if (error instanceof Gone) return;
      if (!(error instanceof Refusal)) throw error;
      this.violations.push(`operator: ${error.message}`);
    }
  }

  async #index(): Promise<void> {
    await this.#toggle('extra', (change) => ({
      AttributeDefinitions: [...DEFINITIONS, { AttributeName: 'n', AttributeType: 'N' }],
      GlobalSecondaryIndexUpdates: [change ?? { Create: indexInput('extra') }],
    }));
  }

  async #vectorIndex(): Promise<void> {
    await this.#toggle('more-vectors', (change) => ({
      VectorIndexUpdates: [change ?? { Create: vectorIndexInput('more-vectors') }],
    }));
  }

  /** Adds the index, or takes it away, unless another one comes or goes. */
  async #toggle(name: string, update: (change: Json | undefined) => Json): Promise<void> {
    const { client } = this.options;
    const Table = (await client.dynamodb('DescribeTable', { TableName: TABLE })).Table as Json;
    const indexes = [...(Table.GlobalSecondaryIndexes as Json[]), ...(Table.VectorIndexes as Json[])];
    if ([Table.TableStatus, ...indexes.map(({ IndexStatus }) => IndexStatus)].some((status) => status !== 'ACTIVE')) {
      return;
    }
    const isThere = indexes.some(({ IndexName }) => IndexName === name);
    await client.dynamodb('UpdateTable', {
      TableName: TABLE,
      ...update(isThere ? { Delete: { IndexName: name } } : undefined),
    });
  }

  async #backup(): Promise<void> {
    const { copies, client, nextNumber } = this.options;
    const name = `backup-${nextNumber()}`;
    const copy = this.#begin(copies.backups, name);
    await client.dynamodb('CreateBackup', { TableName: TABLE, BackupName: name });
    this.#done(copy);
  }

  async #export(): Promise<void> {
    const { copies, client, nextNumber } = this.options;
    const name = `export-${nextNumber()}`;
    const copy = this.#begin(copies.exports, name);
    await client.dynamodb('ExportTableToPointInTime', { TableArn: TABLE_ARN, S3Bucket: BUCKET, S3Prefix: name });
    this.#done(copy);
  }

  /** From the latest export that is done. */
  async #import(): Promise<void> {
    const { copies, client, nextNumber } = this.options;
    const found = await latestExport(client);
    const source = copies.exports.find(({ name }) => name === found?.prefix);
    if (found === undefined || source === undefined) return;
    await this.#dropOldImports();
    const name = `import-${nextNumber()}`;
    const copy: Copy = { name, instant: source.instant, isAcknowledged: false };
    copies.imports.push(copy);
    await client.dynamodb('ImportTable', {
      ClientToken: name,
      S3BucketSource: { S3Bucket: BUCKET, S3KeyPrefix: found.dataPrefix },
      InputFormat: 'DYNAMODB_JSON',
      InputCompressionType: 'GZIP',
      TableCreationParameters: {
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: DEFINITIONS.slice(0, 2),
        KeySchema: KEYS,
      },
    });
    copy.isAcknowledged = true;
  }

  /** Puts items from S3 into a table of their own. */
  async #load(): Promise<void> {
    const { copies, client, nextNumber } = this.options;
    const name = `load-${nextNumber()}`;
    await client.s3('PUT', `/${BUCKET}/${name}/items.json`, loadedLines(name));
    const copy = this.#begin(copies.loads, name);
    await client.dynamodb('StartBulkPutItems', {
      ClientToken: name,
      TableName: LOADED,
      InputS3Configuration: { S3Bucket: BUCKET, S3KeyPrefix: `${name}/`, InputFormat: 'DYNAMODB_JSON' },
      OutputS3Configuration: { S3Bucket: BUCKET, S3KeyPrefix: name, OutputType: ['ERROR', 'CONDITION_CHECK_FAILURE'] },
    });
    this.#done(copy);
  }

  async #dropOldImports(): Promise<void> {
    const { copies, client } = this.options;
    const { TableNames } = await client.dynamodb('ListTables', {});
    const last = copies.imports.at(-1)?.name;
    for (const TableName of TableNames as string[]) {
      if (!TableName.startsWith('import-') || TableName === last) continue;
      const { Table } = await client.dynamodb('DescribeTable', { TableName });
      if ((Table as Json).TableStatus === 'ACTIVE') await client.dynamodb('DeleteTable', { TableName });
    }
  }

  #begin(list: Copy[], name: string): Copy {
    const copy: Copy = {
      name,
      instant: { fromMs: this.options.clock.nowMs(), toMs: Number.POSITIVE_INFINITY },
      isAcknowledged: false,
    };
    list.push(copy);
    return copy;
  }

  #done(copy: Copy): void {
    copy.instant = { fromMs: copy.instant.fromMs, toMs: this.options.clock.nowMs() };
    copy.isAcknowledged = true;
  }
}

export interface ExportFound {
  readonly prefix: string;
  readonly status: string;
  /** Of its data files. */
  readonly dataPrefix: string;
  readonly failure: string | undefined;
}

export async function describeExport(client: EndpointClient, ExportArn: unknown): Promise<ExportFound> {
  const { ExportDescription } = await client.dynamodb('DescribeExport', { ExportArn });
  const { S3Prefix, ExportStatus, FailureMessage } = ExportDescription as Record<string, string>;
  return {
    prefix: String(S3Prefix),
    status: String(ExportStatus),
    dataPrefix: `${S3Prefix}/AWSDynamoDB/${String(ExportArn).split('/').at(-1)}/data/`,
    failure: FailureMessage,
  };
}

async function latestExport(client: EndpointClient): Promise<ExportFound | undefined> {
  const { ExportSummaries } = await client.dynamodb('ListExports', { TableArn: TABLE_ARN, MaxResults: 25 });
  for (const { ExportArn, ExportStatus } of ExportSummaries as Json[]) {
    if (ExportStatus === 'COMPLETED') return describeExport(client, ExportArn);
  }
  return undefined;
}
