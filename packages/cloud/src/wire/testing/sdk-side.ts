import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import { collectBody } from '../body.js';
import type { WireRequest, WireResponse } from '../index.js';

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null | undefined>>;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** The part of the SDK's protocol classes that turns inputs into requests and responses into outputs. */
export interface SdkProtocol {
  setSerdeContext(context: object): void;
  serializeRequest(operation: object, input: object, context: object): Promise<SdkRequest>;
  deserializeResponse(operation: object, context: object, response: object): Promise<Record<string, unknown>>;
}

/** The SDK's operation schemas, by name, of a client module. */
export function rawOperations(client: object): Map<string, readonly unknown[]> {
  const found = new Map<string, readonly unknown[]>();
  for (const value of Object.values(client)) {
    if (Array.isArray(value) && value[0] === 9 && typeof value[2] === 'string') found.set(value[2], value);
  }
  return found;
}

/** The real SDK's serialisers of one client, without the network. */
export class SdkSide {
  constructor(
    private readonly protocol: SdkProtocol,
    private readonly configuration: object,
    private readonly service: string,
  ) {
    protocol.setSerdeContext(configuration);
  }

  /** The request that the SDK sends; `basePath` goes before the operation's own path. */
  async request(operation: readonly unknown[], input: object, basePath = '/'): Promise<WireRequest> {
    const sent = await this.protocol.serializeRequest(
      operationOf(operation),
      input,
      this.#context(operation, basePath),
    );
    const headers = Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    return {
      method: sent.method,
      path: sent.path,
      query: queryString(sent.query ?? {}),
      headers: Object.fromEntries(headers),
      body: await bytesOf(sent.body),
    };
  }

  /** The output that the SDK reads from a response, without `$metadata`; rejects with the SDK's error. */
  async output(operation: readonly unknown[], response: WireResponse): Promise<Record<string, unknown>> {
    const received = new HttpResponse({
      statusCode: response.status,
      headers: { ...response.headers },
      body: Readable.from([await bytesOf(response.body)]),
    });
    const context = this.#context(operation, '/');
    const output = await this.protocol.deserializeResponse(operationOf(operation), context, received);
    const { $metadata: _metadata, ...rest } = output;
    return rest;
  }

  #context(operation: readonly unknown[], basePath: string): object {
    return {
      ...this.configuration,
      endpoint: async () => ({ url: new URL(`http://localhost${basePath}`) }),
      __smithy_context: { service: this.service, operation: operation[2] },
    };
  }
}

function operationOf([, namespace, name, traits, input, output]: readonly unknown[]): object {
  return { namespace, name, traits, input, output };
}

function queryString(query: NonNullable<SdkRequest['query']>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value ?? '']) parameters.append(name, item);
  }
  return parameters.toString();
}

async function bytesOf(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Readable) return collectBody(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw new TypeError('a body that is neither text nor bytes nor a stream');
}
