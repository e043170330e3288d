import { parseTableArn, type TableReference } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { Handler } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import type { ControlContext } from './control-context.js';
import { invalidParameter } from './invalid-parameter.js';
import { existingTable } from './table-errors.js';

// Resource-based policies of tables: kept and given back; who may do what is the endpoint's to judge. A policy on a
// stream is not emulated.

const MAX_POLICY_BYTES = 20_480;
const NO_POLICY = 'NO_POLICY';

export function checkPolicyDocument(document: string): void {
  if (Buffer.byteLength(document) > MAX_POLICY_BYTES) {
    throw invalidParameter(`Maximum policy size of ${MAX_POLICY_BYTES} bytes exceeded`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    throw invalidParameter('Invalid policy document: This policy contains invalid Json');
  }
  const statement = (parsed as { Statement?: unknown } | null)?.Statement;
  if (statement === undefined || (Array.isArray(statement) && statement.length === 0)) {
    throw invalidParameter('Invalid policy document: Could not parse the policy: Statement is empty!');
  }
}

export function putResourcePolicy(context: ControlContext): Handler {
  return async (caller, input) => {
    const { ResourceArn, Policy, ExpectedRevisionId } = input as {
      ResourceArn: string;
      Policy: string;
      ExpectedRevisionId?: string;
    };
    const { place, name } = policyTable(caller, ResourceArn);
    checkPolicyDocument(Policy);
    return context.tables.change((changes) => {
      const record = existingTable(context.tables, place, name);
      checkRevision(record, ExpectedRevisionId);
      if (record.resourcePolicy?.document === Policy) return { RevisionId: record.resourcePolicy.revisionId };
      const revisionId = nextRevision(context, record);
      changes.put({ ...record, resourcePolicy: { document: Policy, revisionId } });
      return { RevisionId: revisionId };
    });
  };
}

export function getResourcePolicy(context: ControlContext): Handler {
  return (caller, input) => {
    const resourceArn = input.ResourceArn as string;
    const { place, name } = policyTable(caller, resourceArn);
    const policy = existingTable(context.tables, place, name).resourcePolicy;
    if (policy === undefined) throw policyNotFound(resourceArn);
    return { Policy: policy.document, RevisionId: policy.revisionId };
  };
}

/** Deleting a policy that is not there succeeds, without a revision. */
export function deleteResourcePolicy(context: ControlContext): Handler {
  return async (caller, input) => {
    const { place, name } = policyTable(caller, input.ResourceArn as string);
    return context.tables.change((changes) => {
      const record = existingTable(context.tables, place, name);
      checkRevision(record, input.ExpectedRevisionId as string | undefined);
      const { resourcePolicy, ...rest } = record;
      if (resourcePolicy === undefined) return {};
      changes.put(rest);
      return { RevisionId: resourcePolicy.revisionId };
    });
  };
}

function policyTable(caller: Caller, resourceArn: string): TableReference {
  if (!resourceArn.startsWith('arn:')) throw invalidParameter(`ARNs must start with 'arn:': ${resourceArn}`);
  const reference = parseTableArn(resourceArn);
  if (reference === undefined) throw invalidParameter(`Provided Arn is not a DynamoDB resource arn: ${resourceArn}`);
  if (reference.place.region !== caller.region) throw invalidParameter(`Invalid resource Arn: ${resourceArn}`);
  if (reference.rest.startsWith('/stream/')) {
    throw new DynamoError('UnknownOperationException', 'Resource policies of streams are not emulated.');
  }
  if (reference.rest !== '') {
    throw invalidParameter(
      `Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${resourceArn}`,
    );
  }
  return reference;
}

function checkRevision(record: TableRecord, expected: string | undefined): void {
  const current = record.resourcePolicy?.revisionId;
  if (expected === undefined || expected === (current ?? NO_POLICY)) return;
  if (current === undefined) {
    throw policyNotFound(
      `Requested update for policy with revision id ${expected}, but no policy is associated to target table ${record.name}.`,
    );
  }
  throw policyNotFound(
    expected === NO_POLICY
      ? `Requested policy update expecting none to be present for table ${record.name}, ` +
          `but a policy exists with revision id ${current}.`
      : `Requested update for policy with revision id ${expected}, ` +
          `but the policy associated to target table ${record.name} has revision id ${current}.`,
  );
}

function policyNotFound(detail: string): DynamoError {
  return new DynamoError(
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: ${detail}`,
  );
}

/** Revisions are the time of the change, and never repeat. */
function nextRevision(context: ControlContext, record: TableRecord): string {
  const last = Number(record.resourcePolicy?.revisionId ?? 0);
  return String(Math.max(context.clock.nowMs(), last + 1));
}
