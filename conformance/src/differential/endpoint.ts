import type { Engine } from '@tablewright/engine';

export type Json = Record<string, unknown>;

/** What an operation came to: its output, or the error's code and message. */
export type Outcome = { readonly output: Json } | { readonly error: Refusal };

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly item?: unknown;
  /** Why a transaction was cancelled, by action. */
  readonly reasons?: readonly Json[];
}

/** Something that answers DynamoDB's operations. */
export interface Subject {
  call(operation: string, input: Json): Promise<Outcome>;
}

const CALLER = { accountId: '000000000000', region: 'us-east-1' };
const CREDENTIALS =
  'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/** The engine, in this process. Its answers go through JSON, as a client's would. */
export function engineSubject(engine: Engine): Subject {
  return {
    async call(operation, input) {
      try {
        const output = await engine.execute(operation, CALLER, JSON.parse(JSON.stringify(input)));
        return { output: JSON.parse(JSON.stringify(output)) as Json };
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const details = 'details' in error ? (JSON.parse(JSON.stringify(error.details)) as Json) : {};
        return { error: { code: error.name, message: error.message, ...detailsOf(details) } };
      }
    },
  };
}

/** An endpoint that does not check signatures, e.g. DynamoDB Local. */
export function httpSubject(url: string): Subject {
  return {
    async call(operation, input) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          authorization: CREDENTIALS,
        },
        body: JSON.stringify(input),
      });
      const body = (await response.json()) as Json;
      if (response.ok) return { output: body };
      const code = String(body.__type).replace(/^.*#/, '');
      return { error: { code, message: String(body.message ?? body.Message), ...detailsOf(body) } };
    },
  };
}

function detailsOf({ Item, CancellationReasons }: Json): Partial<Refusal> {
  return {
    ...(Item !== undefined && { item: Item }),
    ...(CancellationReasons !== undefined && { reasons: CancellationReasons as Json[] }),
  };
}
