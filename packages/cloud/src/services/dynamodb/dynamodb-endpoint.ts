import { crc32 } from 'node:zlib';
import { BufferPool, monotonicMs } from '@tablewright/base';
import {
  type Caller,
  DynamoError,
  type Engine,
  encodeOutput,
  isPackedOperation,
  type Output,
  type PackedOperation,
  readPacked,
} from '@tablewright/engine';
import { type Credential, type CredentialFault, isCredentialFault } from '../../kernel/credential.js';
import type { SignedRequest } from '../../kernel/signature/canonical-request.js';
import type { Exchange } from '../../server/exchange.js';
import type { LoggedExchange } from '../../server/logged-exchange.js';
import { readBody } from '../../server/request-body.js';
import { headCredential, type RequestHead } from '../../server/request-head.js';
import { wireRequest } from '../../server/wire-request.js';
import { ServiceError } from '../../wire/index.js';
import type { CapacityGauges } from './capacity-gauges.js';
import { answerCoding, packedBody, unpackedBody } from './content-coding.js';
import { type DynamoDbFailure, detailsOf, dynamoDbFailure, failureOf, serviceErrorOf } from './dynamodb-errors.js';
import { dynamoDbOperations } from './dynamodb-operations.js';
import { AWS_JSON, answerType, signerOf } from './front-end.js';
import { countFailure, countInjected, countSuccess, ITEM_OPERATIONS, type MeasuredRequest } from './request-metrics.js';
import type { TableMetrics } from './table-metrics.js';

/** AWS's limit of a request (docs: Constraints, "API-specific limits"). */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const NO_BODY = Buffer.alloc(0);

interface KnownOperation {
  readonly name: string;
  readonly isEmulated: boolean;
  readonly run: (engine: Engine, caller: Caller, input: object) => Output | Promise<Output>;
  /** Set for operations whose items are read straight from the request's bytes. */
  readonly packed?: PackedOperation;
}

/**
 * DynamoDB and DynamoDB Streams over AWS JSON 1.0. This is the hot path: bodies go to the engine as parsed JSON and
 * come back as bytes, without the schema-driven walk that the other services take, and a request costs few allocations.
 *
 * Imitates DynamoDB's HTTP front end, the order of its checks included (content type, JSON, operation, signature).
 * Differs: signatures of keys that IAM or STS of this endpoint did not issue are read, not verified.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
export class DynamoDbEndpoint {
  /** By target, e.g. `DynamoDB_20120810.GetItem`. */
  readonly #operations = new Map<string, KnownOperation>();
  readonly #answers = new BufferPool();
  constructor(
    private readonly engine: Engine,
    private readonly metrics: TableMetrics,
    private readonly gauges: CapacityGauges,
  ) {
    const available: ReadonlySet<string> = new Set(engine.operations);
    for (const name of dynamoDbOperations) {
      const run: KnownOperation['run'] = (to, caller, input) => to.run(name, caller, input);
      const packed = isPackedOperation(name) ? { packed: name } : {};
      this.#operations.set(TARGET_PREFIX + name, { name, isEmulated: available.has(name), run, ...packed });
    }
    for (const name of engine.streamOperations) {
      const run: KnownOperation['run'] = (to, caller, input) => to.executeStreams(name, caller, input);
      this.#operations.set(STREAMS_PREFIX + name, { name, isEmulated: true, run });
    }
  }

  /** The operations of DynamoDB and of DynamoDB Streams, and which are emulated. */
  coverage(): { name: string; title: string; emulated: string[]; missing: string[] } {
    const all = [...this.#operations.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    return {
      name: 'dynamodb',
      title: 'DynamoDB and DynamoDB Streams',
      emulated: all.filter(({ isEmulated }) => isEmulated).map(({ name }) => name),
      missing: all.filter(({ isEmulated }) => !isEmulated).map(({ name }) => name),
    };
  }

  /** A request of the fast lane: a POST of AWS JSON 1.0 whose body is there. */
  serve(exchange: LoggedExchange, head: RequestHead, body: Buffer): void {
    this.#begin(exchange, head);
    exchange.contentType = AWS_JSON;
    this.#run(exchange, head, headCredential(head), body, undefined);
  }

  receive(exchange: Exchange, head: RequestHead): void {
    this.#begin(exchange, head);
    if (exchange.request.method !== 'POST') {
      this.#answerOtherMethod(exchange);
      return;
    }
    readBody(exchange.request, BODY_LIMIT_BYTES, (body) => this.#receiveBody(exchange, head, body));
  }

  #receiveBody(exchange: Exchange, head: RequestHead, body: Buffer | undefined): void {
    if (body === undefined) {
      exchange.answerAs(413, ['x-amzn-requestid', exchange.requestId, 'transfer-encoding', 'chunked'], '', 0);
      return;
    }
    const type = answerType(exchange.request.headers['content-type'], body.length > 0);
    if (type === undefined) {
      this.#answerUnknown(exchange);
      return;
    }
    exchange.contentType = type;
    const { request } = exchange;
    this.#run(exchange, head, signerOf(request, head), body, () => ({ ...wireRequest(request, NO_BODY), body }));
  }

  #begin(exchange: LoggedExchange, head: RequestHead): void {
    exchange.service = 'dynamodb';
    exchange.requestId = exchange.kernel.requestIds.dynamodb();
    exchange.acceptEncoding = head.acceptEncoding;
  }

  /** @param signed What the signature covers; the fast lane, which has no issued keys, does without. */
  #run(
    exchange: LoggedExchange,
    head: RequestHead,
    given: Credential | CredentialFault,
    received: Buffer,
    signed: (() => SignedRequest) | undefined,
  ): void {
    exchange.begin();
    exchange.requestBytes = received.length;
    const target = head.target ?? '';
    const known = this.#operations.get(target);
    // The known name, not a piece of the header: look-ups by it are far quicker.
    exchange.operation = known?.name ?? target.slice(target.indexOf('.') + 1);
    if (!isCredentialFault(given)) {
      exchange.accountId = given.accountId;
      exchange.region = given.region;
    }
    const body = head.contentEncoding === undefined ? received : unpackedBody(received, head.contentEncoding);
    if (body === undefined) {
      this.#fail(exchange, dynamoDbFailure('InternalServerError', undefined));
      return;
    }
    if (known?.packed !== undefined && this.#runPacked(exchange, known, given, body, signed)) return;
    let input: unknown;
    try {
      // A body of nothing is no fault yet: operation and signature come first.
      if (body.length > 0) input = JSON.parse(body.toString('utf8'));
    } catch {
      this.#fail(exchange, dynamoDbFailure('SerializationException', undefined));
      return;
    }
    if (known?.isEmulated !== true) {
      this.#fail(exchange, unknownOperation(target, known !== undefined));
      return;
    }
    const credential = isCredentialFault(given) || signed === undefined ? given : exchange.kernel.accept(given, signed);
    if (isCredentialFault(credential)) {
      this.#fail(exchange, dynamoDbFailure(credential.code, credential.message));
      return;
    }
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      const message = input === undefined ? undefined : 'Unexpected value type in payload';
      this.#fail(exchange, dynamoDbFailure('SerializationException', message));
      return;
    }
    nameRequest(exchange, credential, input);
    this.#execute(exchange, known, credential, input);
  }

  /**
   * Runs an operation with the items of its request as they were read from its bytes. False, with nothing done, when the
   * request is not plain or is refused at once: the usual way says what is wrong with it, if anything is.
   */
  #runPacked(
    exchange: LoggedExchange,
    { name, packed, run }: KnownOperation,
    given: Credential | CredentialFault,
    body: Buffer,
    signed: (() => SignedRequest) | undefined,
  ): boolean {
    if (packed === undefined || isCredentialFault(given)) return false;
    const { kernel } = exchange;
    const credential = signed === undefined ? given : kernel.accept(given, signed);
    // What stands before an operation looks at items as JSON has them.
    if (isCredentialFault(credential) || kernel.gates.standBefore('dynamodb', name, credential.accessKeyId))
      return false;
    const input = readPacked(packed, body);
    if (input === undefined) return false;
    let running: Output | Promise<Output>;
    try {
      running = run(this.engine, credential, input);
    } catch {
      return false;
    }
    nameRequest(exchange, credential, input);
    this.#answerWith(exchange, credential, input, running);
    return true;
  }

  /**
   * Runs an operation for another service of the endpoint; input and output are AWS JSON. Rejects with ServiceError.
   */
  async call(operation: string, caller: Caller, input: object): Promise<object> {
    const known = this.#operations.get(TARGET_PREFIX + operation) ?? this.#operations.get(STREAMS_PREFIX + operation);
    if (known?.isEmulated !== true) {
      throw new ServiceError('UnknownOperationException', `DynamoDB ${operation} is not emulated by this endpoint`);
    }
    const startedMs = monotonicMs();
    const measure = () => ({ operation, caller, input, durationMs: monotonicMs() - startedMs });
    try {
      // Items in an output may be stored bytes, which only the encoder can read.
      const output = await known.run(this.engine, caller, input);
      countSuccess(this.metrics, measure(), output);
      return JSON.parse(encodeOutput(output).toString('utf8')) as object;
    } catch (error) {
      if (!(error instanceof DynamoError)) throw error;
      countFailure(this.metrics, measure(), error.code, 400, error.details);
      throw serviceErrorOf(error);
    }
  }

  #execute(exchange: LoggedExchange, operation: KnownOperation, credential: Credential, input: object): void {
    let running: Output | Promise<Output>;
    try {
      running = this.#start(exchange, operation, credential, input);
    } catch (error) {
      this.#failed(exchange, credential, input, error);
      return;
    }
    this.#answerWith(exchange, credential, input, running);
  }

  #answerWith(exchange: LoggedExchange, caller: Caller, input: object, running: Output | Promise<Output>): void {
    if (!(running instanceof Promise)) {
      this.#succeed(exchange, caller, input, running);
      return;
    }
    running.then(
      (output) => this.#succeed(exchange, caller, input, output),
      (error) => this.#failed(exchange, caller, input, error),
    );
  }

  #start(
    exchange: LoggedExchange,
    operation: KnownOperation,
    credential: Credential,
    input: object,
  ): Output | Promise<Output> {
    const { kernel, requestId } = exchange;
    const { accountId, region, accessKeyId } = credential;
    if (!kernel.gates.standBefore('dynamodb', operation.name, accessKeyId)) {
      return operation.run(this.engine, credential, input);
    }
    const request = {
      service: 'dynamodb',
      operation: operation.name,
      caller: { accountId, region },
      principal: kernel.principalOf(credential),
      accessKeyId,
      input,
      requestId,
      userAgent: exchange.userAgent,
      sourceIp: exchange.sourceIp,
    };
    const statementDenial = (at: number): string | undefined => kernel.authorizer.statementDenial(request, at);
    return kernel.gates.pass(request, () => operation.run(this.engine, { accountId, region, statementDenial }, input));
  }

  #succeed(exchange: LoggedExchange, caller: Caller, input: object, output: Output): void {
    let body: Buffer;
    try {
      body = encodeOutput(output, this.#answers);
    } catch (error) {
      this.#failed(exchange, caller, input, error);
      return;
    }
    this.#send(exchange, 200, body);
    countSuccess(this.metrics, measured(exchange, caller, input), output);
    if (!ITEM_OPERATIONS.has(exchange.operation)) this.gauges.wake();
  }

  #failed(exchange: LoggedExchange, caller: Caller, input: object, error: unknown): void {
    let failure = failureOf(error);
    if (failure === undefined) {
      exchange.kernel.reportFault(`dynamodb ${exchange.operation}`, error);
      failure = dynamoDbFailure('InternalServerError', 'Internal server error');
    }
    this.#fail(exchange, failure);
    const { code, status } = failure;
    const request = measured(exchange, caller, input);
    countFailure(this.metrics, request, code, status, detailsOf(error));
    if (error instanceof ServiceError && error.options.isInjected === true) countInjected(this.metrics, request);
  }

  #fail(exchange: LoggedExchange, failure: DynamoDbFailure): void {
    exchange.errorCode = failure.code;
    this.#send(exchange, failure.status, failure.body);
  }

  #send(exchange: LoggedExchange, status: number, body: Buffer | string): void {
    const coding = answerCoding(exchange.acceptEncoding, body.length);
    const sent = coding === undefined ? body : packedBody(body, coding);
    const headers = [
      'server',
      'Server',
      'x-amzn-requestid',
      exchange.requestId,
      'x-amz-crc32',
      crc32(sent),
      'content-type',
      exchange.contentType,
    ];
    if (coding !== undefined) headers.push('content-encoding', coding);
    exchange.answer(status, headers, sent, typeof sent === 'string' ? undefined : this.#answers.loanOf(sent));
    if (sent !== body && typeof body !== 'string') this.#answers.release(body);
  }

  /** `GET /` is DynamoDB's health check; nothing else but POST is known to it. */
  #answerOtherMethod(exchange: Exchange): void {
    exchange.operation = 'HealthCheck';
    exchange.request.resume();
    const healthy = exchange.request.method === 'GET' && (exchange.request.url === '/' || exchange.request.url === '');
    if (healthy) this.#answerPlain(exchange, 200, `healthy: ${exchange.request.headers.host ?? ''} `);
    else this.#answerUnknown(exchange);
  }

  #answerUnknown(exchange: Exchange): void {
    exchange.errorCode = 'UnknownOperationException';
    this.#answerPlain(exchange, 404, '<UnknownOperationException/>\n');
  }

  #answerPlain(exchange: Exchange, status: number, body: string): void {
    exchange.answer(
      status,
      ['server', 'Server', 'x-amzn-requestid', exchange.requestId, 'x-amz-crc32', crc32(body)],
      body,
    );
  }
}

function nameRequest(exchange: LoggedExchange, credential: Credential, input: object): void {
  if ('TableName' in input && typeof input.TableName === 'string') exchange.resource = input.TableName;
  exchange.accountId = credential.accountId;
}

function measured(exchange: LoggedExchange, caller: Caller, input: object): MeasuredRequest {
  return { operation: exchange.operation, caller, input, durationMs: monotonicMs() - exchange.startedMs };
}

const TARGET_PREFIX = 'DynamoDB_20120810.';
const STREAMS_PREFIX = 'DynamoDBStreams_20120810.';

function unknownOperation(target: string, isKnown: boolean): DynamoDbFailure {
  if (!isKnown) return dynamoDbFailure('UnknownOperationException', undefined);
  const operation = target.slice(TARGET_PREFIX.length);
  return dynamoDbFailure('UnknownOperationException', `DynamoDB ${operation} is not emulated by this endpoint`);
}
