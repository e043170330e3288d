import type * as Iam from '@aws-sdk/client-iam';
import type { RequestContext } from '../service.js';
import { invalidInput, noSuchEntity } from './iam-errors.js';
import type { RoleRecord } from './iam-records.js';
import { type IamStore, iamArn } from './iam-store.js';
import { uniqueId } from './ids.js';
import { required } from './names.js';
import { addRole } from './role-operations.js';
import { subjectKinds } from './subjects.js';

interface LinkedRole {
  readonly name: string;
  readonly policy: string;
}

/**
 * The services that have roles of their own, with the role's name and the policy that AWS puts on it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
const LINKED_ROLES: Readonly<Record<string, LinkedRole>> = {
  'dynamodb.application-autoscaling.amazonaws.com': {
    name: 'AWSServiceRoleForApplicationAutoScaling_DynamoDBTable',
    policy: 'AWSApplicationAutoscalingDynamoDBTablePolicy',
  },
  'lambda.application-autoscaling.amazonaws.com': {
    name: 'AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency',
    policy: 'AWSApplicationAutoscalingLambdaConcurrencyPolicy',
  },
  'replication.dynamodb.amazonaws.com': {
    name: 'AWSServiceRoleForDynamoDBReplication',
    policy: 'DynamoDBReplicationServiceRolePolicy',
  },
  'kinesisreplication.dynamodb.amazonaws.com': {
    name: 'AWSServiceRoleForDynamoDBKinesisDataStreamsReplication',
    policy: 'DynamoDBKinesisReplicationServiceRolePolicy',
  },
  'contributorinsights.dynamodb.amazonaws.com': {
    name: 'AWSServiceRoleForDynamoDBCloudWatchContributorInsights',
    policy: 'DynamoDBCloudWatchContributorInsightsServiceRolePolicy',
  },
  'backup.amazonaws.com': {
    name: 'AWSServiceRoleForBackup',
    policy: 'AWSBackupServiceLinkedRolePolicyForBackup',
  },
};

/** The ARN of the service's role in an account, which is made if it is not there. */
export async function serviceLinkedRole(store: IamStore, accountId: string, service: string): Promise<string> {
  const linked = linkedRole(service);
  const known = store.roles.get(accountId, linked.name);
  if (known !== undefined) return iamArn(accountId, 'role', known);
  const role = newLinkedRole(store, service, linked, undefined);
  await store.kernel.store.change((writer) => {
    if (store.roles.getFrom(writer, accountId, role.name) === undefined) store.roles.putIn(writer, accountId, role);
  });
  return iamArn(accountId, 'role', role);
}

export function serviceLinkedRoleOperations(
  store: IamStore,
  details: (accountId: string, role: RoleRecord) => Iam.Role,
) {
  const kind = subjectKinds(store).role;
  return {
    async create(
      { caller }: RequestContext,
      input: Iam.CreateServiceLinkedRoleCommandInput,
    ): Promise<Iam.CreateServiceLinkedRoleResponse> {
      const { accountId } = caller;
      const service = required(input.AWSServiceName, 'aWSServiceName');
      const linked = linkedRole(service);
      if (input.CustomSuffix !== undefined && input.CustomSuffix !== '') {
        throw invalidInput(`Custom suffix is not allowed for ${service}`);
      }
      if (store.roles.get(accountId, linked.name) !== undefined) {
        throw invalidInput(
          `Service role name ${linked.name} has been taken in this account, please try a different suffix.`,
        );
      }
      const role = newLinkedRole(store, service, linked, input.Description);
      await addRole(store, accountId, role);
      const { MaxSessionDuration: _duration, RoleLastUsed: _used, ...shown } = details(accountId, role);
      return { Role: shown };
    },

    /** Here such a role goes at once: whether its service still needs it is not asked. */
    async delete(
      { caller }: RequestContext,
      input: Iam.DeleteServiceLinkedRoleCommandInput,
    ): Promise<Iam.DeleteServiceLinkedRoleResponse> {
      const { accountId } = caller;
      const role = kind.open(accountId, input.RoleName);
      if (role.linkedService === undefined) {
        throw noSuchEntity(`The service-linked role with name ${role.name} cannot be found.`);
      }
      await store.kernel.store.change((writer) => store.roles.deleteIn(writer, accountId, role.name));
      return { DeletionTaskId: `task${role.path}${role.name}/${store.kernel.random.uuid()}` };
    },

    deletionStatus(
      { caller }: RequestContext,
      input: Iam.GetServiceLinkedRoleDeletionStatusCommandInput,
    ): Iam.GetServiceLinkedRoleDeletionStatusResponse {
      const id = required(input.DeletionTaskId, 'deletionTaskId');
      const name = /^task\/aws-service-role\/[^/]+\/([^/]+)\//.exec(id)?.[1];
      if (name === undefined || store.roles.get(caller.accountId, name) !== undefined) {
        throw noSuchEntity(`The deletion task with id ${id} cannot be found.`);
      }
      return { Status: 'SUCCEEDED' };
    },
  };
}

function linkedRole(service: string): LinkedRole {
  const linked = Object.hasOwn(LINKED_ROLES, service) ? LINKED_ROLES[service] : undefined;
  if (linked === undefined) throw invalidInput(`Service ${service} is not supported by this endpoint.`);
  return linked;
}

function newLinkedRole(
  store: IamStore,
  service: string,
  linked: LinkedRole,
  description: string | undefined,
): RoleRecord {
  const trust = { Effect: 'Allow', Principal: { Service: [service] }, Action: ['sts:AssumeRole'] };
  return {
    name: linked.name,
    id: uniqueId(store.kernel.random, 'AROA'),
    path: `/aws-service-role/${service}/`,
    createdMs: store.kernel.clock.nowMs(),
    trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    description,
    maxSessionSeconds: 3600,
    tags: [],
    inline: {},
    attached: [{ name: linked.policy, arn: `arn:aws:iam::aws:policy/aws-service-role/${linked.policy}` }],
    linkedService: service,
  };
}
