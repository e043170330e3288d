import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startLocalEndpoint } from '@tablewright/cloud';

export type Json = Record<string, unknown>;

/** An answer as it was on the wire. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Json;
}

const CREDENTIALS = { accessKeyId: '000000000000', secretAccessKey: 'secret' };
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/dynamodb/aws4_request, ' +
  'SignedHeaders=host;x-amz-date, Signature=0000';

/**
 * The endpoint that the tests of one file run against: the one that TABLEWRIGHT_CONFORMANCE_ENDPOINT names, else one
 * of their own in this process. Registers its start and stop with the test runner.
 */
export class Target {
  #url = process.env.TABLEWRIGHT_CONFORMANCE_ENDPOINT;
  #client: DynamoDBClient | undefined;
  #stop: () => Promise<void> = async () => {};
  #names = 0;
  #started: Promise<void> | undefined;

  constructor() {
    before(() => this.started());
    after(() => this.#close());
  }

  /** To be awaited in hooks, which the test runner does not run one after the other. */
  started(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  get url(): string {
    if (this.#url === undefined) throw new Error('the endpoint has not been started');
    return this.#url;
  }

  get client(): DynamoDBClient {
    this.#client ??= new DynamoDBClient({
      endpoint: this.url,
      region: 'us-east-1',
      credentials: CREDENTIALS,
      maxAttempts: 1,
    });
    return this.#client;
  }

  /** A table name of this file's own. */
  tableName(what: string): string {
    this.#names++;
    return `conformance-${process.pid}-${this.#names}-${what}`;
  }

  /** The headers of a request that an SDK would send. */
  headers(operation: string): Record<string, string> {
    return {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: AUTHORIZATION,
    };
  }

  /** Sends what no SDK would: text and bytes as they are, all else as JSON. Throws when the answer is no JSON. */
  async send(operation: string, body: unknown): Promise<Answer> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: this.headers(operation),
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, text, body: (text === '' ? {} : JSON.parse(text)) as Json };
  }

  async #start(): Promise<void> {
    if (this.#url !== undefined) return;
    const dataDir = mkdtempSync(join(tmpdir(), 'tablewright-conformance-'));
    const endpoint = await startLocalEndpoint({ port: 0, dataDir });
    this.#url = endpoint.url;
    this.#stop = async () => {
      await endpoint.close();
      await rm(dataDir, { recursive: true, force: true });
    };
  }

  async #close(): Promise<void> {
    this.#client?.destroy();
    await this.#stop();
  }
}
