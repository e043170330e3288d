import { parseTableArn, partitionOf } from '../catalog/arn.js';
import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import type { PolicyRecord } from '../catalog/table-record.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { checkPolicyPause } from './change-pauses.js';
import type { ControlContext } from './control-context.js';
import { invalidParameter } from './invalid-parameter.js';
import { canonicalPolicy, checkPrincipals, shownPolicy } from './policy-document.js';
import { knownTable, stillInUse } from './table-errors.js';

// Resource-based policies of tables and streams: kept and given back; who may do what is the endpoint's to judge,
// whether callers would lock themselves out, too. Differs: a change can be read, and acts, at once; on AWS it can be read
// two seconds later, and acts four minutes later where the table's policy was asked before (recorded).
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html

const NO_POLICY = 'NO_POLICY';
const STREAM = '/stream/';

interface Reference {
  readonly arn: string;
  readonly place: Caller;
  /** The table's. */
  readonly name: string;
  /** The stream's; a table has none. */
  readonly label?: string;
}

/** What has a policy of its own: a table or a stream. */
interface Holder {
  /** `table orders` or `stream 2026-01-01T00:00:00.000` */
  readonly name: string;
  readonly policy: PolicyRecord | undefined;
  /** Throws when the policy cannot be changed now. */
  assertChangeable(): void;
  store(changes: CatalogWriter, policy: PolicyRecord): void;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html */
export function putResourcePolicy(context: ControlContext): Handler {
  return async (caller, input) => {
    const { ResourceArn, Policy, ExpectedRevisionId } = input as {
      ResourceArn: string;
      Policy: string;
      ExpectedRevisionId?: string;
    };
    // Whether the document can be this one's comes before whether there is such a one.
    const reference = policyReference(caller, ResourceArn);
    const document = checkedPolicy(context, reference, Policy);
    return context.tables.change((changes) => {
      const holder = policyHolder(context, reference);
      checkRevision(holder, ExpectedRevisionId);
      if (holder.policy?.document === document) return { RevisionId: holder.policy.revisionId };
      return { RevisionId: change(context, changes, holder, document) };
    });
  };
}

/**
 * Whether {@link putResourcePolicy} would find a table or stream of the caller's and nothing wrong with the document: what
 * is to be so before it is looked at what the policy does to the caller.
 */
export function takesPolicy(context: ControlContext, caller: Caller, resourceArn: string, policy: string): boolean {
  try {
    const reference = policyReference(caller, resourceArn);
    checkedPolicy(context, reference, policy);
    policyHolder(context, reference);
    return true;
  } catch (error) {
    if (error instanceof DynamoError) return false;
    throw error;
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html */
export function getResourcePolicy(context: ControlContext): Handler {
  return (caller, input) => {
    const resourceArn = input.ResourceArn as string;
    const { policy } = policyHolder(context, policyReference(caller, resourceArn));
    if (policy?.document === undefined) throw policyNotFound(resourceArn);
    return { Policy: shownPolicy(policy.document), RevisionId: policy.revisionId };
  };
}

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html. Gives the revision that
 * was deleted; once more, that of the deletion; and none where there never was a policy.
 */
export function deleteResourcePolicy(context: ControlContext): Handler {
  return async (caller, input) =>
    context.tables.change((changes) => {
      const holder = policyHolder(context, policyReference(caller, input.ResourceArn as string));
      checkRevision(holder, input.ExpectedRevisionId as string | undefined);
      const { policy } = holder;
      if (policy?.document !== undefined) change(context, changes, holder, undefined);
      return policy === undefined ? {} : { RevisionId: policy.revisionId };
    });
}

/** The policy of a table that is being created. */
export function initialPolicy(document: string, nowMs: number): PolicyRecord {
  return { document: canonicalPolicy(document, 'table'), revisionId: String(nowMs) };
}

function checkedPolicy(context: ControlContext, { place, label }: Reference, policy: string): string {
  const document = canonicalPolicy(policy, label === undefined ? 'table' : 'stream');
  checkPrincipals(document, (name) => context.isPrincipal(name, place));
  return document;
}

/** Revisions are the time of the change, and never repeat. */
function change(context: ControlContext, changes: CatalogWriter, holder: Holder, document: string | undefined): string {
  const last = holder.policy && Number(holder.policy.revisionId);
  holder.assertChangeable();
  checkPolicyPause(context, holder.name, last);
  const revisionId = String(Math.max(context.clock.nowMs(), (last ?? 0) + 1));
  holder.store(changes, { ...(document !== undefined && { document }), revisionId });
  return revisionId;
}

/** Throws where the ARN cannot be that of a table or stream of the caller's. */
function policyReference(caller: Caller, resourceArn: string): Reference {
  if (!resourceArn.startsWith('arn:')) throw invalidParameter(`ARNs must start with 'arn:': ${resourceArn}`);
  const reference = parseTableArn(resourceArn);
  if (reference === undefined || reference.rest.startsWith('/backup/')) {
    throw invalidParameter(`Provided Arn is not a DynamoDB resource arn: ${resourceArn}`);
  }
  const { place, name, rest } = reference;
  if (place.region !== caller.region || !resourceArn.startsWith(`arn:${partitionOf(caller.region)}:`)) {
    throw invalidParameter(`Invalid resource Arn: ${resourceArn}`);
  }
  if (place.accountId !== caller.accountId) {
    throw validationError('This action is only supported by accounts that match the resource owner’s account.');
  }
  if (rest === '') return { arn: resourceArn, place, name };
  if (rest.startsWith(STREAM)) return { arn: resourceArn, place, name, label: rest.slice(STREAM.length) };
  throw invalidParameter(
    `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${resourceArn}`,
  );
}

function policyHolder(context: ControlContext, { arn, place, name, label }: Reference): Holder {
  return label === undefined ? tableHolder(context, place, name) : streamHolder(context, arn, name, label);
}

function tableHolder(context: ControlContext, place: Caller, name: string): Holder {
  const record = knownTable(context.tables, place, name);
  return {
    name: `table ${name}`,
    policy: record.resourcePolicy,
    assertChangeable() {
      if (record.status === 'DELETING') throw stillInUse(`Table is being deleted: ${name}`);
    },
    store: (changes, resourcePolicy) => changes.put({ ...record, resourcePolicy }),
  };
}

/** A stream keeps its policy when it is disabled, and has it as long as it can be read. */
function streamHolder(context: ControlContext, arn: string, tableName: string, label: string): Holder {
  const stream = context.streams.find(arn);
  if (stream === undefined) {
    throw new DynamoError(
      'ResourceNotFoundException',
      `Requested resource not found: Stream: ${label} not found for Table: ${tableName}`,
    );
  }
  return {
    name: `stream ${label}`,
    policy: stream.stored.policy,
    assertChangeable() {},
    store(changes, policy) {
      const stored = { ...stream.stored, policy };
      context.streams.put(changes.writer, stored);
      changes.afterwards(() => stream.store(stored));
    },
  };
}

function checkRevision({ name, policy }: Holder, expected: string | undefined): void {
  if (expected === undefined) return;
  if (policy === undefined) {
    if (expected === NO_POLICY) return;
    throw policyNotFound(
      `Requested update for policy with revision id ${expected}, but ${name} has no associated policy.`,
    );
  }
  if (expected === (policy.document === undefined ? NO_POLICY : policy.revisionId)) return;
  throw policyNotFound(
    expected === NO_POLICY
      ? `Requested policy update expecting none to be present for ${name}, ` +
          `but a policy exists with revision id ${policy.revisionId}.`
      : `Requested update for policy with revision id ${expected}, ` +
          `but the policy associated to target ${name} has revision id ${policy.revisionId}.`,
  );
}

function policyNotFound(detail: string): DynamoError {
  return new DynamoError(
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: ${detail}`,
  );
}
