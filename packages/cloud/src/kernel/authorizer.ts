import type { Caller } from './caller.js';
import type { GatedRequest } from './gates.js';
import type { Need } from './identity-port.js';
import type { Principal } from './principal.js';

/** What becomes of a request that policies deny: it fails, it is noted and carried out, or nobody looks. */
export type IamMode = 'enforce' | 'audit' | 'off';

/** How an endpoint is started: `strict` enforces, and takes no requests with keys that it did not issue. */
export type IamOption = IamMode | 'strict';

/** A request that policies denied, or would have denied. */
export interface Denial {
  /** ISO 8601, on the endpoint's clock. */
  readonly time: string;
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  readonly action: string;
  readonly resource: string;
  /** AWS's text. */
  readonly message: string;
  readonly enforced: boolean;
}

/** Holds requests to policies, as the endpoint was told to: `kernel.authorizer`. */
export interface Authorizer {
  readonly mode: IamMode;
  /** Whether requests must come with keys that IAM or STS of this endpoint issued. */
  readonly issuedKeysOnly: boolean;
  /**
   * Why a principal may not do `need`, in AWS's words; undefined when it may, and, unless the mode is `enforce`, always.
   * What is denied is noted. Policies of the resource count where its service offers them (`kernel.resourcePolicies`).
   */
  demand(
    request: {
      readonly service: string;
      readonly operation: string;
      readonly caller: Caller;
      readonly principal: Principal;
    },
    need: Need,
  ): string | undefined;
  /**
   * Why a principal may not carry out the statement at this place of a request of DynamoDB with several: each of them is
   * told of alone, so that the request itself passes the gate. Undefined when it may.
   */
  statementDenial(request: GatedRequest, at: number): string | undefined;
  /** The latest denials, oldest first. */
  denials(): readonly Denial[];
}
