import { Agent, request } from 'node:http';

export type Json = Record<string, unknown>;

/** The endpoint's answer when it is an error. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** The connection broke before the answer was there: nobody knows what became of the request. */
export class Gone extends Error {}

const CONTENT_TYPES = { dynamodb: 'application/x-amz-json-1.0', kinesis: 'application/x-amz-json-1.1' } as const;
const TARGETS = {
  dynamodb: 'DynamoDB_20120810',
  streams: 'DynamoDBStreams_20120810',
  kinesis: 'Kinesis_20131202',
} as const;

/** A client of one region over connections that stay open. It tries nothing twice. */
export class EndpointClient {
  readonly #agent = new Agent({ keepAlive: true });

  constructor(
    private readonly url: string,
    readonly region: string = 'us-east-1',
  ) {}

  /** Of the same endpoint in another region. */
  in(region: string): EndpointClient {
    return new EndpointClient(this.url, region);
  }

  close(): void {
    this.#agent.destroy();
  }

  dynamodb(operation: string, input: Json): Promise<Json> {
    return this.#call('dynamodb', TARGETS.dynamodb, operation, input);
  }

  streams(operation: string, input: Json): Promise<Json> {
    return this.#call('dynamodb', TARGETS.streams, operation, input);
  }

  kinesis(operation: string, input: Json): Promise<Json> {
    return this.#call('kinesis', TARGETS.kinesis, operation, input);
  }

  /** S3 by path: the body of the answer. */
  async s3(method: 'GET' | 'PUT', path: string, content = ''): Promise<Buffer> {
    const { status, body } = await this.#send('s3', method, path, {}, content);
    if (status !== 200) throw new Refusal(String(status), body.toString('utf8'));
    return body;
  }

  async #call(service: 'dynamodb' | 'kinesis', target: string, operation: string, input: Json): Promise<Json> {
    const headers = { 'content-type': CONTENT_TYPES[service], 'x-amz-target': `${target}.${operation}` };
    const { status, body } = await this.#send(service, 'POST', '/', headers, JSON.stringify(input));
    const answer = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Json);
    if (status === 200) return answer;
    throw new Refusal(String(answer.__type).replace(/^.*#/, ''), String(answer.message ?? answer.Message ?? ''));
  }

  #send(
    service: string,
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<{ status: number; body: Buffer }> {
    const authorization =
      `AWS4-HMAC-SHA256 Credential=000000000000/20260101/${this.region}/${service}/aws4_request, ` +
      'SignedHeaders=host, Signature=0';
    return new Promise((resolve, reject) => {
      const gone = (error: Error): void => reject(new Gone(error.message));
      const outgoing = request(
        this.url + path,
        {
          method,
          agent: this.#agent,
          headers: { ...headers, authorization, 'content-length': Buffer.byteLength(body) },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', gone);
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }));
        },
      );
      outgoing.on('error', gone);
      outgoing.end(body);
    });
  }
}
