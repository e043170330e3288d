import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { type LocalEndpoint, type LocalEndpointOptions, startLocalEndpoint } from '../server/local-endpoint.js';

/** An endpoint in this process on a temporary folder, with a clock that the test moves; closed after the test. */
export interface TestEndpoint {
  readonly clock: VirtualClock;
  readonly dataDir: string;
  /** The endpoint that runs now. */
  current(): LocalEndpoint;
  /** What an SDK client needs to reach it. */
  clientOptions(accountId?: string): {
    endpoint: string;
    region: string;
    maxAttempts: number;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  /** Moves the endpoint's clock, e.g. by `40d`; resolves when all that fell due is done, with its consequences. */
  advance(duration: string): Promise<void>;
  /** Stops it and starts another on the same data, with other options where given. */
  restart(changed?: TestOptions): Promise<void>;
}

type TestOptions = Pick<
  LocalEndpointOptions,
  'iam' | 'throughput' | 'partitionBurstSeconds' | 'validationWords' | 'transitionDelayMs' | 'streamShards'
>;

export async function testEndpoint(context: TestContext, options: TestOptions = {}): Promise<TestEndpoint> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tablewright-cloud-'));
  const clock = new VirtualClock();
  let seed = 1;
  const start = (changed: TestOptions = {}) =>
    startLocalEndpoint({ ...options, ...changed, port: 0, dataDir, clock, random: new SeededRandom(seed++) });
  let endpoint = await start();
  context.after(async () => {
    await endpoint.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    clock,
    dataDir,
    current: () => endpoint,
    clientOptions: (accountId = 'AKIDEXAMPLE') => ({
      endpoint: endpoint.url,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId: accountId, secretAccessKey: 'a secret that must not be logged' },
    }),
    advance: (duration) => endpoint.setClock({ advance: duration }),
    async restart(changed) {
      await endpoint.close();
      endpoint = await start(changed);
    },
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const SIGNED =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=abc';

/** One request as given, without an SDK. */
export function send(
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { method = 'POST', path = '/', headers = {}, body = '' } = options;
    const outgoing = request(url + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
