import type { Actor } from './principal.js';

/**
 * How one service of the endpoint asks another: by an operation of its public API, in this process. Such a call passes
 * the same gates as a request over the wire (policies, faults, audit trail), on behalf of `actor`.
 */
export interface Calls {
  /**
   * @param service Signing name: `dynamodb` (input and output are AWS JSON), `sqs`, `logs`, `monitoring`, …
   * @param input   The SDK's input of the operation. The caller names the output's type, the SDK's too.
   * Rejects with {@link ServiceError}, whose `code` is AWS's.
   */
  run<Output extends object = object>(service: string, operation: string, actor: Actor, input: object): Promise<Output>;
}
