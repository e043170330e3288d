import type { ResourcePolicies } from './policy/evaluate.js';
import { parsePolicy } from './policy/policy-document.js';

/** The policy of one resource, as its service keeps it. */
export interface OfferedPolicy {
  /** Whose the resource is. */
  readonly accountId: string;
  readonly documents: readonly string[];
  /** Nothing is allowed that the policy does not allow (KMS keys, trust policies of roles). Default false. */
  readonly isRequired?: boolean;
}

/**
 * Where services say which policies their resources have: `kernel.resourcePolicies`. A service offers a look-up when it is
 * made; the authorizer asks by the service's part of the ARN.
 */
export class ResourcePolicyDirectory {
  readonly #lookUps = new Map<string, (arn: string, action: string) => OfferedPolicy | undefined>();

  /** @param vendor The third part of the ARNs that `lookUp` knows, e.g. `dynamodb`; its second argument is the action. */
  offer(vendor: string, lookUp: (arn: string, action: string) => OfferedPolicy | undefined): void {
    this.#lookUps.set(vendor, lookUp);
  }

  /** Undefined when the resource has no policy, or its service none to offer. */
  of(arn: string, action: string): ResourcePolicies | undefined {
    const offered = this.#lookUps.get(arn.split(':', 3)[2] ?? '')?.(arn, action);
    if (offered === undefined) return undefined;
    const { accountId, documents, isRequired = false } = offered;
    return { accountId, isRequired, documents: documents.map(parsePolicy) };
  }
}
