import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { accessKeyOperations } from './access-key-operations.js';
import { accountOperations } from './account-operations.js';
import { AttachedPolicies } from './attached-policies.js';
import { groupOperations } from './group-operations.js';
import { noSuchEntity } from './iam-errors.js';
import { iamStoreOf } from './iam-store.js';
import { instanceProfileOperations } from './instance-profile-operations.js';
import { policyOperations } from './policy-operations.js';
import { PrincipalPolicies } from './principal-policies.js';
import { roleOperations } from './role-operations.js';
import { serviceLinkedRoleOperations } from './service-linked-roles.js';
import { simulateOperations } from './simulate-operations.js';
import { subjectKinds } from './subjects.js';
import { userOperations } from './user-operations.js';

/**
 * AWS Identity and Access Management, Query protocol, one for all regions of an account: users, groups, roles, managed
 * policies with versions, inline policies, boundaries, access keys, instance profiles, service-linked roles,
 * simulations. https://docs.aws.amazon.com/IAM/latest/APIReference/
 * Differs: changes hold at once; there are no passwords, devices, certificates and identity providers; when a role or key
 * was last used is forgotten at a restart; a user or role that a trust policy names is kept by its ARN, not by its id.
 */
export function iamService(kernel: Kernel): Service {
  const store = iamStoreOf(kernel);
  const kinds = subjectKinds(store);
  const on = {
    role: new AttachedPolicies(store, kinds.role),
    user: new AttachedPolicies(store, kinds.user),
    group: new AttachedPolicies(store, kinds.group),
  };
  const roles = roleOperations(store, (arn) => {
    const use = kernel.ports.identity.roleUse(arn);
    return use && { LastUsedDate: new Date(use.timeMs), Region: use.region };
  });
  const roleDetails = (accountId: string, name: string) => {
    const role = store.roles.get(accountId, name);
    return role && roles.details(accountId, role);
  };
  const users = userOperations(store);
  const groups = groupOperations(store, (accountId, name) => users.details(accountId, store.user(accountId, name)));
  const keys = accessKeyOperations(store, (id) => kernel.ports.identity.keyUse(id));
  const profiles = instanceProfileOperations(store, roleDetails);
  const linked = serviceLinkedRoleOperations(store, roles.details);
  const policies = policyOperations(store);
  const account = accountOperations(store, roleDetails);
  const simulation = simulateOperations(store, new PrincipalPolicies(store));
  const noLoginProfile = (input: { readonly UserName?: string | undefined }): never => {
    throw noSuchEntity(`Login Profile for User ${input.UserName} cannot be found.`);
  };
  return defineService<typeof import('@aws-sdk/client-iam')>(
    {
      AcceptDelegationRequest: undefined,
      AcquireRole: undefined,
      AddClientIDToOpenIDConnectProvider: undefined,
      AddRoleToInstanceProfile: profiles.addRole,
      AddUserToGroup: groups.addUser,
      AssociateDelegationRequest: undefined,
      AttachGroupPolicy: ({ caller }, input) => on.group.attach(caller.accountId, input.GroupName, input.PolicyArn),
      AttachRolePolicy: ({ caller }, input) => on.role.attach(caller.accountId, input.RoleName, input.PolicyArn),
      AttachUserPolicy: ({ caller }, input) => on.user.attach(caller.accountId, input.UserName, input.PolicyArn),
      ChangePassword: undefined,
      CreateAccessKey: keys.create,
      CreateAccountAlias: account.createAlias,
      CreateDelegationRequest: undefined,
      CreateGroup: groups.create,
      CreateInstanceProfile: profiles.create,
      CreateLoginProfile: undefined,
      CreateOpenIDConnectProvider: undefined,
      CreatePolicy: policies.create,
      CreatePolicyVersion: policies.createVersion,
      CreateRole: roles.create,
      CreateSAMLProvider: undefined,
      CreateServiceLinkedRole: linked.create,
      CreateServiceSpecificCredential: undefined,
      CreateUser: users.create,
      CreateVirtualMFADevice: undefined,
      DeactivateMFADevice: undefined,
      DeleteAccessKey: keys.delete,
      DeleteAccountAlias: account.deleteAlias,
      DeleteAccountPasswordPolicy: undefined,
      DeleteGroup: groups.delete,
      DeleteGroupPolicy: ({ caller }, input) => on.group.remove(caller.accountId, input.GroupName, input.PolicyName),
      DeleteInstanceProfile: profiles.delete,
      DeleteLoginProfile: (_context, input) => noLoginProfile(input),
      DeleteOpenIDConnectProvider: undefined,
      DeletePolicy: policies.delete,
      DeletePolicyVersion: policies.deleteVersion,
      DeleteRole: roles.delete,
      DeleteRolePermissionsBoundary: roles.deleteBoundary,
      DeleteRolePolicy: ({ caller }, input) => on.role.remove(caller.accountId, input.RoleName, input.PolicyName),
      DeleteSAMLProvider: undefined,
      DeleteSSHPublicKey: undefined,
      DeleteServerCertificate: undefined,
      DeleteServiceLinkedRole: linked.delete,
      DeleteServiceSpecificCredential: undefined,
      DeleteSigningCertificate: undefined,
      DeleteUser: users.delete,
      DeleteUserPermissionsBoundary: users.deleteBoundary,
      DeleteUserPolicy: ({ caller }, input) => on.user.remove(caller.accountId, input.UserName, input.PolicyName),
      DeleteVirtualMFADevice: undefined,
      DetachGroupPolicy: ({ caller }, input) => on.group.detach(caller.accountId, input.GroupName, input.PolicyArn),
      DetachRolePolicy: ({ caller }, input) => on.role.detach(caller.accountId, input.RoleName, input.PolicyArn),
      DetachUserPolicy: ({ caller }, input) => on.user.detach(caller.accountId, input.UserName, input.PolicyArn),
      DisableOrganizationsRootCredentialsManagement: undefined,
      DisableOrganizationsRootSessions: undefined,
      DisableOutboundWebIdentityFederation: undefined,
      EnableMFADevice: undefined,
      EnableOrganizationsRootCredentialsManagement: undefined,
      EnableOrganizationsRootSessions: undefined,
      EnableOutboundWebIdentityFederation: undefined,
      GenerateCredentialReport: undefined,
      GenerateOrganizationsAccessReport: undefined,
      GenerateServiceLastAccessedDetails: undefined,
      GetAccessKeyLastUsed: keys.lastUsed,
      GetAccountAuthorizationDetails: account.details,
      GetAccountPasswordPolicy: undefined,
      GetAccountProperties: undefined,
      GetAccountSummary: account.summary,
      GetContextKeysForCustomPolicy: simulation.contextKeysOfCustom,
      GetContextKeysForPrincipalPolicy: simulation.contextKeysOfPrincipal,
      GetCredentialReport: undefined,
      GetDelegationRequest: undefined,
      GetGroup: groups.get,
      GetGroupPolicy: ({ caller }, input) => {
        const { name, policy } = on.group.get(caller.accountId, input.GroupName, input.PolicyName);
        return { GroupName: name, ...policy };
      },
      GetHumanReadableSummary: undefined,
      GetInstanceProfile: profiles.get,
      GetLoginProfile: (_context, input) => noLoginProfile(input),
      GetMFADevice: undefined,
      GetOpenIDConnectProvider: undefined,
      GetOrganizationsAccessReport: undefined,
      GetOutboundWebIdentityFederationInfo: undefined,
      GetPolicy: policies.get,
      GetPolicyVersion: policies.getVersion,
      GetRole: roles.get,
      GetRolePolicy: ({ caller }, input) => {
        const { name, policy } = on.role.get(caller.accountId, input.RoleName, input.PolicyName);
        return { RoleName: name, ...policy };
      },
      GetRoleTemplateVersion: undefined,
      GetSAMLProvider: undefined,
      GetSSHPublicKey: undefined,
      GetServerCertificate: undefined,
      GetServiceLastAccessedDetails: undefined,
      GetServiceLastAccessedDetailsWithEntities: undefined,
      GetServiceLinkedRoleDeletionStatus: linked.deletionStatus,
      GetUser: users.get,
      GetUserPolicy: ({ caller }, input) => {
        const { name, policy } = on.user.get(caller.accountId, input.UserName, input.PolicyName);
        return { UserName: name, ...policy };
      },
      ListAccessKeys: keys.list,
      ListAccountAliases: account.listAliases,
      ListAttachedGroupPolicies: ({ caller }, input) => on.group.listAttached(caller.accountId, input.GroupName, input),
      ListAttachedRolePolicies: ({ caller }, input) => on.role.listAttached(caller.accountId, input.RoleName, input),
      ListAttachedUserPolicies: ({ caller }, input) => on.user.listAttached(caller.accountId, input.UserName, input),
      ListDelegationRequests: undefined,
      ListEntitiesForPolicy: account.entitiesForPolicy,
      ListGroupPolicies: ({ caller }, input) => on.group.listInline(caller.accountId, input.GroupName, input),
      ListGroups: groups.list,
      ListGroupsForUser: groups.listForUser,
      ListInstanceProfileTags: profiles.listTags,
      ListInstanceProfiles: profiles.list,
      ListInstanceProfilesForRole: profiles.listForRole,
      ListMFADeviceTags: undefined,
      ListMFADevices: () => ({ MFADevices: [], IsTruncated: false }),
      ListOpenIDConnectProviderTags: undefined,
      ListOpenIDConnectProviders: undefined,
      ListOrganizationsFeatures: undefined,
      ListPolicies: policies.list,
      ListPoliciesGrantingServiceAccess: undefined,
      ListPolicyTags: account.listPolicyTags,
      ListPolicyVersions: policies.listVersions,
      ListRolePolicies: ({ caller }, input) => on.role.listInline(caller.accountId, input.RoleName, input),
      ListRoleTags: roles.listTags,
      ListRoles: roles.list,
      ListSAMLProviderTags: undefined,
      ListSAMLProviders: undefined,
      ListSSHPublicKeys: () => ({ SSHPublicKeys: [], IsTruncated: false }),
      ListServerCertificateTags: undefined,
      ListServerCertificates: undefined,
      ListServiceSpecificCredentials: () => ({ ServiceSpecificCredentials: [] }),
      ListSigningCertificates: () => ({ Certificates: [], IsTruncated: false }),
      ListUserPolicies: ({ caller }, input) => on.user.listInline(caller.accountId, input.UserName, input),
      ListUserTags: users.listTags,
      ListUsers: users.list,
      ListVirtualMFADevices: () => ({ VirtualMFADevices: [], IsTruncated: false }),
      PutAccountProperties: undefined,
      PutGroupPolicy: ({ caller }, input) =>
        on.group.put(caller.accountId, input.GroupName, input.PolicyName, input.PolicyDocument),
      PutRolePermissionsBoundary: roles.putBoundary,
      PutRolePolicy: ({ caller }, input) =>
        on.role.put(caller.accountId, input.RoleName, input.PolicyName, input.PolicyDocument),
      PutUserPermissionsBoundary: users.putBoundary,
      PutUserPolicy: ({ caller }, input) =>
        on.user.put(caller.accountId, input.UserName, input.PolicyName, input.PolicyDocument),
      RejectDelegationRequest: undefined,
      RemoveClientIDFromOpenIDConnectProvider: undefined,
      RemoveRoleFromInstanceProfile: profiles.removeRole,
      RemoveUserFromGroup: groups.removeUser,
      ResetServiceSpecificCredential: undefined,
      ResyncMFADevice: undefined,
      SendDelegationToken: undefined,
      SetDefaultPolicyVersion: policies.setDefaultVersion,
      SetSecurityTokenServicePreferences: undefined,
      SimulateCustomPolicy: simulation.custom,
      SimulatePrincipalPolicy: simulation.principal,
      TagInstanceProfile: profiles.tag,
      TagMFADevice: undefined,
      TagOpenIDConnectProvider: undefined,
      TagPolicy: account.tagPolicy,
      TagRole: roles.tag,
      TagSAMLProvider: undefined,
      TagServerCertificate: undefined,
      TagUser: users.tag,
      UntagInstanceProfile: profiles.untag,
      UntagMFADevice: undefined,
      UntagOpenIDConnectProvider: undefined,
      UntagPolicy: account.untagPolicy,
      UntagRole: roles.untag,
      UntagSAMLProvider: undefined,
      UntagServerCertificate: undefined,
      UntagUser: users.untag,
      UpdateAccessKey: keys.update,
      UpdateAccountPasswordPolicy: undefined,
      UpdateAssumeRolePolicy: roles.updateTrust,
      UpdateDelegationRequest: undefined,
      UpdateGroup: groups.update,
      UpdateLoginProfile: undefined,
      UpdateOpenIDConnectProviderThumbprint: undefined,
      UpdateRole: roles.update,
      UpdateRoleDescription: roles.updateDescription,
      UpdateSAMLProvider: undefined,
      UpdateSSHPublicKey: undefined,
      UpdateServerCertificate: undefined,
      UpdateServiceSpecificCredential: undefined,
      UpdateSigningCertificate: undefined,
      UpdateUser: users.update,
      UploadSSHPublicKey: undefined,
      UploadServerCertificate: undefined,
      UploadSigningCertificate: undefined,
    },
    {
      title: 'IAM',
      bodyLimitBytes: 1024 * 1024,
      resourceMember: 'RoleName',
      definition: {
        name: 'iam',
        client: () => import('@aws-sdk/client-iam'),
        protocols: ['awsQuery'],
        version: '2010-05-08',
        xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
      },
    },
  );
}
