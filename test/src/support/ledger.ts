import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

interface LedgerItem {
  readonly userId: { readonly S: string };
  readonly count: { readonly N: string };
}

/** Several writers that note every item whose write was acknowledged, until the endpoint goes away. */
export class Ledger {
  readonly #acknowledged = new Map<string, LedgerItem>();
  readonly #client: DynamoDBClient;
  readonly #writers: Promise<void>[];

  constructor(
    url: string,
    private readonly table: string,
  ) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    this.#client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
    this.#writers = [0, 1, 2, 3].map((writer) => this.#write(writer));
  }

  /** Waits until every writer has met an error (the endpoint was killed); the items acknowledged, by id. */
  async close(): Promise<ReadonlyMap<string, LedgerItem>> {
    await Promise.all(this.#writers);
    this.#client.destroy();
    return this.#acknowledged;
  }

  /** Overwrites the same few keys over and over, so that a lost write would show as an older count. */
  async #write(writer: number): Promise<void> {
    for (let count = 0; ; count++) {
      const item: LedgerItem = { userId: { S: `ledger-${writer}-${count % 50}` }, count: { N: String(count) } };
      try {
        await this.#client.send(new PutItemCommand({ TableName: this.table, Item: { ...item } }));
      } catch {
        // Unknown whether it was written: what was acknowledged for this key before may have been replaced by it.
        this.#acknowledged.delete(item.userId.S);
        return;
      }
      this.#acknowledged.set(item.userId.S, item);
    }
  }
}
