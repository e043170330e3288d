import type { InvokeCommandInput, InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import { ServiceError } from '../../../wire/index.js';
import type { RequestContext } from '../../service.js';
import type { LambdaParts } from '../lambda-parts.js';
import type { AsyncEvents } from './async-events.js';
import type { Invoker } from './invoker.js';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution */
const REQUEST_LIMIT_BYTES = 6_291_456;
const EVENT_LIMIT_BYTES = 1_048_576;

type InvokeOutput = Omit<InvokeCommandOutput, '$metadata'>;

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invokeOperation(parts: LambdaParts, invoker: Invoker, events: AsyncEvents) {
  return async (context: RequestContext, input: InvokeCommandInput): Promise<InvokeOutput> => {
    const { caller, requestId } = context;
    const resolved = parts.catalog.resolve(caller, input);
    if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
    const isEvent = input.InvocationType === 'Event';
    const payload = payloadOf(input.Payload, isEvent ? EVENT_LIMIT_BYTES : REQUEST_LIMIT_BYTES);
    if (isEvent) {
      await events.accept(resolved, { requestId, payload });
      return { StatusCode: 202 };
    }
    const clientContext = clientContextOf(input.ClientContext);
    const result = await invoker.invoke(resolved, {
      requestId,
      payload,
      ...(clientContext === undefined ? {} : { clientContext }),
    });
    return {
      StatusCode: 200,
      ...(result.isError ? { FunctionError: 'Unhandled' } : {}),
      ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(result.logTail).toString('base64') } : {}),
      Payload: Uint8ArrayBlobAdapter.mutate(Buffer.from(result.payload)),
      ExecutedVersion: result.executedVersion,
    };
  };
}

/** The status of an answer is that of the invocation. */
export function invocationStatus(output: object): number | undefined {
  return 'StatusCode' in output && typeof output.StatusCode === 'number' ? output.StatusCode : undefined;
}

/** Over the wire it is bytes; another service of the endpoint may give text. */
function payloadOf(given: InvokeCommandInput['Payload'], limitBytes: number): string {
  const bytes = typeof given === 'string' ? Buffer.from(given) : given;
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) return '{}';
  if (bytes.length > limitBytes) {
    throw new ServiceError(
      'RequestTooLargeException',
      `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`,
      { members: { Type: 'User' } },
    );
  }
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new ServiceError(
      'InvalidRequestContentException',
      `Could not parse request body into json: Could not parse payload into json: ${error instanceof Error ? error.message : ''}`,
      { members: { Type: 'User' } },
    );
  }
  return payload;
}

function clientContextOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = Buffer.from(header, 'base64').toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new ServiceError(
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
      {
        members: { Type: 'User' },
      },
    );
  }
}
