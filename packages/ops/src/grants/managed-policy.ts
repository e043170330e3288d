import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam';
import type { Connection } from '../connection/connection.js';
import type { PolicyDocument } from './table-policy.js';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_VERSIONS = 5;

/** Makes the customer managed policy say this; what was done, `unchanged` where it did already. */
export async function ensurePolicy(
  connection: Connection,
  iam: IAMClient,
  policy: { readonly arn: string; readonly name: string; readonly description: string },
  document: PolicyDocument,
): Promise<'created' | 'updated' | 'unchanged'> {
  const PolicyDocument = JSON.stringify(document);
  const current = await currentDocument(connection, iam, policy.arn);
  if (current === undefined) {
    const { name: PolicyName, description: Description } = policy;
    await connection.call(() => iam.send(new CreatePolicyCommand({ PolicyName, Description, PolicyDocument })));
    return 'created';
  }
  if (current === PolicyDocument) return 'unchanged';
  await makeRoomForVersion(connection, iam, policy.arn);
  const command = new CreatePolicyVersionCommand({ PolicyArn: policy.arn, PolicyDocument, SetAsDefault: true });
  await connection.call(() => iam.send(command));
  return 'updated';
}

/** Attaches the policy to a role; false where it is attached already. */
export async function ensureAttached(
  connection: Connection,
  iam: IAMClient,
  roleName: string,
  policyArn: string,
): Promise<boolean> {
  let marker: string | undefined;
  do {
    const command = new ListAttachedRolePoliciesCommand({ RoleName: roleName, Marker: marker });
    const page = await connection.call(() => iam.send(command));
    if (page.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === policyArn)) return false;
    marker = page.Marker;
  } while (marker !== undefined);
  const attach = new AttachRolePolicyCommand({ RoleName: roleName, PolicyArn: policyArn });
  await connection.call(() => iam.send(attach));
  return true;
}

async function currentDocument(connection: Connection, iam: IAMClient, arn: string): Promise<string | undefined> {
  try {
    const { Policy } = await connection.call(() => iam.send(new GetPolicyCommand({ PolicyArn: arn })));
    const command = new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: Policy?.DefaultVersionId });
    const { PolicyVersion } = await connection.call(() => iam.send(command));
    // IAM hands documents out URL-encoded.
    return JSON.stringify(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')));
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchEntityException') return undefined;
    throw error;
  }
}

/** A policy holds five versions; the oldest that is not in force makes room. */
async function makeRoomForVersion(connection: Connection, iam: IAMClient, arn: string): Promise<void> {
  const { Versions = [] } = await connection.call(() => iam.send(new ListPolicyVersionsCommand({ PolicyArn: arn })));
  if (Versions.length < MOST_VERSIONS) return;
  const age = (date: Date | undefined): number => date?.getTime() ?? 0;
  const oldest = Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).sort(
    (a, b) => age(a.CreateDate) - age(b.CreateDate),
  )[0];
  if (oldest === undefined) return;
  const command = new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: oldest.VersionId });
  await connection.call(() => iam.send(command));
}
