// Runs in a process of its own: loads a function's code and calls its handler, once per request.
//
// Imitates AWS's runtime interface client for Node.js: how the handler is found, what its context offers, how results,
// errors and console output leave it. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
// Differs: no response streaming, no Runtime API over HTTP; requests come on file descriptor 3, everything else leaves
// on 4, one JSON document a line. Writing is synchronous, so that nothing is lost when the code ends its process.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { format } from 'node:util';
import { systemClock } from '@tablewright/base';
import { describeError, type ErrorDescription } from './describe-error.js';
import type { RuntimeMessage, RuntimeRequest } from './frames.js';
import { type AnyHandler, loadHandler } from './load-handler.js';

const RESPONSES = 4;
const env = process.env;
let current: RuntimeRequest | undefined;

function send(message: RuntimeMessage): void {
  const frame = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let offset = 0; offset < frame.length; ) offset += writeSync(RESPONSES, frame, offset);
}

const isJson = env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const lowest = LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL ?? '');

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html: text, or a JSON document an event. */
function log(level: string, text: string, message: unknown = text): void {
  const timestamp = new Date(systemClock.nowMs()).toISOString();
  const requestId = current?.requestId;
  if (!isJson) send({ kind: 'log', text: `${timestamp}\t${requestId}\t${level}\t${text}\n` });
  else if (LEVELS.indexOf(level) >= lowest) {
    send({ kind: 'log', text: `${JSON.stringify({ timestamp, level, requestId, message })}\n` });
  }
}

/** What a JSON document of the log says: one object as it is, anything else as text. */
function messageOf(values: readonly unknown[]): unknown {
  const [only, ...more] = values;
  if (more.length > 0 || typeof only !== 'object' || only === null) return undefined;
  if (only instanceof Error) return asLogged(describeError(only));
  try {
    JSON.stringify(only);
    return only;
  } catch {
    return undefined;
  }
}

function asLogged({ errorType, errorMessage, trace }: ErrorDescription): object {
  return { errorType, errorMessage, stackTrace: trace };
}

const CONSOLE = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;

function captureOutput(): void {
  for (const [method, level] of Object.entries(CONSOLE)) {
    console[method as keyof typeof CONSOLE] = (...values: unknown[]) =>
      log(level, format(...values), messageOf(values));
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
      send({ kind: 'output', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8') });
      const done = rest.at(-1);
      if (typeof done === 'function') process.nextTick(done as () => void);
      return true;
    };
  }
}

function logError(title: string, description: ErrorDescription, error: unknown): void {
  const { errorType, errorMessage, trace } = description;
  const own = error instanceof Error ? Object.fromEntries(Object.entries(error)) : {};
  const text = `${title} \t${JSON.stringify({ errorType, errorMessage, ...own, stack: trace })}`;
  log('ERROR', text, asLogged(description));
}

/** The highest resident set that the process has had. */
function maxMemoryKb(): number {
  return process.resourceUsage().maxRSS;
}

function fail(request: RuntimeRequest, title: string, error: unknown): void {
  const description = describeError(error);
  logError(title, description, error);
  current = undefined;
  send({
    kind: 'error',
    requestId: request.requestId,
    payload: JSON.stringify(description),
    maxMemoryKb: maxMemoryKb(),
  });
}

function succeed(request: RuntimeRequest, result: unknown): void {
  let payload: string;
  try {
    payload = JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    fail(request, 'Invoke Error', new Error('Unable to stringify response body'));
    return;
  }
  current = undefined;
  send({ kind: 'result', requestId: request.requestId, payload, maxMemoryKb: maxMemoryKb() });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(request: RuntimeRequest) {
  const deadlineMs = systemClock.nowMs() + request.timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: request.functionArn,
    awsRequestId: request.requestId,
    ...(request.clientContext === undefined ? {} : { clientContext: JSON.parse(request.clientContext) as unknown }),
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - systemClock.nowMs()),
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/**
 * Calls the handler. `finish` comes once: when its promise is settled, when it has called back and nothing else is
 * under way (unless it says that it does not wait for that), or when nothing is under way and it never answered.
 */
function call(handler: AnyHandler, request: RuntimeRequest, finish: (error: unknown, result?: unknown) => void): void {
  let isFinished = false;
  let answer: { error: unknown; result: unknown } = { error: null, result: null };
  const end = (error: unknown, result?: unknown): void => {
    if (isFinished) return;
    isFinished = true;
    process.removeListener('beforeExit', whenIdle);
    finish(error, result);
  };
  const whenIdle = (): void => end(answer.error, answer.result);
  process.on('beforeExit', whenIdle);
  const context = contextOf(request);
  const callback = (error?: unknown, result?: unknown): void => {
    answer = { error, result };
    if (!context.callbackWaitsForEmptyEventLoop) setImmediate(whenIdle);
  };
  const old = {
    done: callback,
    succeed: (result: unknown) => setImmediate(end, null, result),
    fail: (error: unknown) => setImmediate(end, error ?? 'null'),
  };
  try {
    const returned: unknown = handler(JSON.parse(request.payload), Object.assign(context, old), callback);
    if (isThenable(returned)) {
      returned.then(
        (result) => end(null, result),
        (error: unknown) => end(error ?? 'null'),
      );
    }
  } catch (error) {
    end(error ?? 'null');
  }
}

function serve(handler: AnyHandler): void {
  const requests = new Socket({ fd: 3, readable: true, writable: false });
  let received = '';
  requests.setEncoding('utf8');
  requests.on('data', (chunk: string) => {
    received += chunk;
    if (!received.endsWith('\n')) return;
    const request = JSON.parse(received) as RuntimeRequest;
    received = '';
    current = request;
    env._X_AMZN_TRACE_ID = request.traceId;
    // The handler's own work alone keeps the event loop going, so that its end can be seen.
    requests.unref();
    call(handler, request, (error, result) => {
      requests.ref();
      if (error === null || error === undefined) succeed(request, result);
      else fail(request, 'Invoke Error', error);
    });
  });
  // Whoever sent the requests is gone.
  requests.on('close', () => process.exit(0));
}

function lastWords(error: unknown, kind: 'exception' | 'rejection'): void {
  const described = describeError(error);
  const errorType = kind === 'rejection' ? 'Runtime.UnhandledPromiseRejection' : described.errorType;
  const errorMessage =
    kind === 'rejection' ? `${described.errorType}: ${described.errorMessage}` : described.errorMessage;
  const description = { ...described, errorType, errorMessage };
  logError(kind === 'rejection' ? 'Unhandled Promise Rejection' : 'Uncaught Exception', description, error);
  const payload = JSON.stringify(description);
  if (current === undefined) send({ kind: 'init-error', payload });
  else send({ kind: 'error', requestId: current.requestId, payload, maxMemoryKb: maxMemoryKb(), isLast: true });
  process.exit(kind === 'rejection' ? 128 : 129);
}

captureOutput();
process.on('uncaughtException', (error) => lastWords(error, 'exception'));
process.on('unhandledRejection', (reason) => lastWords(reason, 'rejection'));
try {
  const handler = await loadHandler(env.LAMBDA_TASK_ROOT ?? '.', env._HANDLER ?? '');
  serve(handler);
  send({ kind: 'ready' });
} catch (error) {
  const description = describeError(error);
  logError('Uncaught Exception', description, error);
  send({ kind: 'init-error', payload: JSON.stringify(description) });
  process.exit(1);
}
