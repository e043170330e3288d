import type { Authorizer, Denial, IamMode, IamOption } from '../kernel/authorizer.js';
import type { Caller } from '../kernel/caller.js';
import type { Gate, GatedRequest } from '../kernel/gates.js';
import type { Need } from '../kernel/identity-port.js';
import type { Kernel } from '../kernel/kernel.js';
import type { ResourcePolicies } from '../kernel/policy/evaluate.js';
import { denialError } from './denial-error.js';
import { DynamoDbNeeds } from './dynamodb-needs.js';
import { lockOutError, policyToStayUnder, putsTablePolicy } from './lock-out.js';
import { needsOf } from './needs-of.js';
import type { TableFacts } from './table-facts.js';
import { tableKeyNeeds } from './table-key-needs.js';

const REMEMBERED = 500;

type DemandingRequest = Parameters<Authorizer['demand']>[0];

/**
 * Lets through what policies allow. Stands before requests with keys that IAM or STS issued, and before what services ask
 * of each other; the root of an account, which every other key stands for, is held up only where it would put a policy on
 * a table that keeps it from putting another. Differs: on AWS policies of its resources can deny the root more.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export class PolicyAuthorizer implements Authorizer, Gate {
  readonly #denials: Denial[] = [];

  readonly mode: IamMode;
  readonly issuedKeysOnly: boolean;

  constructor(
    option: IamOption,
    private readonly kernel: () => Kernel,
    private readonly tables: TableFacts,
  ) {
    this.issuedKeysOnly = option === 'strict';
    this.mode = option === 'strict' ? 'enforce' : option;
  }

  standsBefore(service: string, operation: string, accessKeyId: string): boolean {
    if (this.mode === 'off') return false;
    return this.#holdsToPolicies(accessKeyId) || putsTablePolicy(service, operation);
  }

  enter(request: GatedRequest): void {
    if (this.#holdsToPolicies(request.accessKeyId) && !isJudgedByStatement(request)) this.#enterAsAllowed(request);
    if (putsTablePolicy(request.service, request.operation)) this.#enterToStay(request);
  }

  #holdsToPolicies(accessKeyId: string): boolean {
    return accessKeyId === '' || this.kernel().ports.identity.isIssued(accessKeyId);
  }

  #enterToStay(request: GatedRequest): void {
    const policies = policyToStayUnder(request, this.tables);
    if (policies === undefined) return;
    for (const need of needsOf(request, this.kernel(), this.tables)) {
      const context = { ...circumstancesOf(request), ...need.context };
      if (this.#decided(request, { ...need, context }, policies) !== undefined) throw lockOutError();
    }
  }

  #enterAsAllowed(request: GatedRequest): void {
    const { principal } = request;
    if (principal.kind === 'service' && !isDelivery(request, principal.service)) return;
    for (const need of needsOf(request, this.kernel(), this.tables)) {
      // Services whose resources have no policies take what other services deliver.
      if (principal.kind === 'service' && !this.#hasPolicy(need)) continue;
      const context = { ...circumstancesOf(request), ...need.context };
      const message = this.demand(request, { ...need, context });
      if (message !== undefined) throw denialError(request, need, message);
    }
  }

  demand(request: DemandingRequest, need: Need): string | undefined {
    if (this.mode === 'off') return undefined;
    return this.#decided(request, need, this.kernel().resourcePolicies.of(need.resource, need.action));
  }

  #decided(
    { service, operation, caller, principal }: DemandingRequest,
    need: Need,
    resource: ResourcePolicies | undefined,
  ): string | undefined {
    const place = { region: caller.region, ...(resource === undefined ? {} : { resource }) };
    const message = this.kernel().ports.identity.denial(principal, need, place);
    if (message === undefined) return undefined;
    this.#note({ service, operation, caller }, need, message);
    return this.mode === 'enforce' ? message : undefined;
  }

  statementDenial(request: GatedRequest, at: number): string | undefined {
    if (!this.standsBefore(request.service, request.operation, request.accessKeyId)) return undefined;
    const { caller, operation, input, principal } = request;
    const needs = new DynamoDbNeeds(caller, this.tables).ofStatement(operation, input, at);
    for (const need of [...needs, ...tableKeyNeeds(needs, this.tables, principal.accountId)]) {
      const context = { ...circumstancesOf(request), ...need.context };
      const message = this.demand(request, { ...need, context });
      if (message !== undefined) return denialError(request, need, message).message;
    }
    return undefined;
  }

  denials(): readonly Denial[] {
    return this.#denials;
  }

  #hasPolicy({ resource, action }: Need): boolean {
    return this.kernel().resourcePolicies.of(resource, action) !== undefined;
  }

  #note(
    { service, operation, caller }: { readonly service: string; readonly operation: string; readonly caller: Caller },
    { action, resource }: Need,
    message: string,
  ): void {
    const kernel = this.kernel();
    const enforced = this.mode === 'enforce';
    const time = new Date(kernel.clock.nowMs()).toISOString();
    this.#denials.push({ time, service, operation, ...caller, action, resource, message, enforced });
    if (this.#denials.length > REMEMBERED) this.#denials.shift();
    if (!enforced) kernel.note(`iam audit: ${service} ${operation} would be denied: ${message}`);
  }
}

/** What services ask of each other passes or fails as a whole. */
function isJudgedByStatement({ service, operation, accessKeyId }: GatedRequest): boolean {
  return accessKeyId !== '' && service === 'dynamodb' && MANY_STATEMENTS.has(operation);
}

const MANY_STATEMENTS = new Set(['BatchExecuteStatement', 'ExecuteTransaction']);

/** The condition keys of how a request came. */
function circumstancesOf({ sourceIp = '', userAgent }: GatedRequest): Record<string, string | undefined> {
  return { 'aws:SourceIp': sourceIp || undefined, 'aws:UserAgent': userAgent || undefined };
}

/** What a service of AWS does on its own behalf is its own affair, but for what it delivers to others' resources. */
function isDelivery({ service, operation }: GatedRequest, by: string): boolean {
  return by !== `${service}.amazonaws.com` && DELIVERIES.has(`${service}:${operation}`);
}

const DELIVERIES = new Set(['lambda:Invoke', 'sns:Publish', 'sqs:SendMessage']);
