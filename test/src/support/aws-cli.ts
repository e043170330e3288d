import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import {
  DescribeTableCommand,
  DynamoDBClient,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type LocalEndpoint, startLocalEndpoint } from '@tablewright/cloud';
import { AWS_ENV } from './aws-env.js';
import { cleanEnv } from './cli.js';
import { standAtNoon } from './noon.js';
import { run } from './programs.js';

export type Json = Readonly<Record<string, unknown>>;

/** What an older CLI says of an operation or option that it does not have yet. */
const UNKNOWN = /Unknown options|Invalid choice|Unknown parameter in input|expected one argument/;

/** Thrown where the CLI is too old for what is to be tested. */
export class TooOldError extends Error {}

/**
 * One AWS CLI, against an endpoint of its own whose clock stands still and where changes take a second. A command of the
 * CLI takes as long as a second, too: what is only to be seen or prepared goes through the SDK.
 */
export class AwsCli {
  readonly #client: DynamoDBClient;

  private constructor(
    private readonly program: string,
    readonly endpoint: LocalEndpoint,
    private readonly folder: string,
  ) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    this.#client = new DynamoDBClient({ endpoint: endpoint.url, region: 'us-east-1', credentials });
  }

  static async open(context: TestContext, program: string): Promise<AwsCli> {
    const folder = mkdtempSync(path.join(tmpdir(), 'tablewright-aws-'));
    const endpoint = await startLocalEndpoint({ port: 0, dataDir: path.join(folder, 'data'), transitionDelayMs: 1000 });
    const aws = new AwsCli(program, endpoint, folder);
    context.after(async () => {
      aws.#client.destroy();
      await endpoint.close();
      rmSync(folder, { recursive: true, force: true });
    });
    await standAtNoon(endpoint);
    return aws;
  }

  /** The table `orders`. */
  async table(): Promise<Json> {
    return { ...(await this.#client.send(new DescribeTableCommand({ TableName: 'orders' }))).Table };
  }

  /** Changes the table `orders`, and waits. */
  async update(changes: Omit<UpdateTableCommandInput, 'TableName'>): Promise<void> {
    await this.#client.send(new UpdateTableCommand({ TableName: 'orders', ...changes }));
    await this.pass('1s');
  }

  /** Runs a command that must succeed. Words are parted by spaces, which none can hold. */
  async do(line: string): Promise<Json> {
    const { code, stdout, stderr } = await this.#run(line);
    assert.equal(code, 0, `aws ${line}\n${stdout}\n${stderr}`);
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Json);
  }

  /** Runs a command that the endpoint must refuse with this error. */
  async refused(line: string, code: string, message: RegExp): Promise<void> {
    const { code: exit, stdout, stderr } = await this.#run(line);
    assert.notEqual(exit, 0, `aws ${line}\n${stdout}`);
    assert.match(stderr, new RegExp(`\\(${code}\\)`), `aws ${line}`);
    assert.match(stderr, message, `aws ${line}`);
  }

  /** Lets time pass. */
  pass(duration: string): Promise<void> {
    return this.endpoint.setClock({ advance: duration });
  }

  async #run(line: string) {
    // Throttling is to be seen, not waited for.
    const env = { ...cleanEnv(), ...AWS_ENV, AWS_MAX_ATTEMPTS: '1' };
    const args = ['--endpoint-url', this.endpoint.url, '--output', 'json', ...line.trim().split(/\s+/)];
    const outcome = await run(this.program, args, { cwd: this.folder, env });
    if (UNKNOWN.test(outcome.stderr)) throw new TooOldError(outcome.stderr.trim().split('\n').at(-1));
    return outcome;
  }
}
