import type * as Iam from '@aws-sdk/client-iam';
import { ConditionContext } from '../../kernel/policy/condition-context.js';
import { evaluate } from '../../kernel/policy/evaluate.js';
import { type PolicyDocument, parsePolicy } from '../../kernel/policy/policy-document.js';
import { policyFault } from '../../kernel/policy/validate-policy.js';
import type { Principal } from '../../kernel/principal.js';
import type { RequestContext } from '../service.js';
import { constraintError, invalidInput, malformedPolicy, NOT_NULL } from './iam-errors.js';
import type { IamStore } from './iam-store.js';
import { iamArn } from './iam-store.js';
import { required } from './names.js';
import { pageOf } from './page.js';
import { principalContext } from './principal-context.js';
import type { PrincipalPolicies, SourcedPolicy } from './principal-policies.js';
import { statementPositions } from './statement-positions.js';

interface Simulated {
  readonly principal: Principal;
  readonly policies: readonly (Omit<SourcedPolicy, 'type'> & { readonly type: Iam.PolicySourceType })[];
  readonly boundary: PolicyDocument | undefined;
  readonly context: Record<string, string | readonly string[] | undefined>;
}

type Input = Omit<Iam.SimulateCustomPolicyCommandInput, 'PolicyInputList'>;

/**
 * Simulations: what policies would decide, without asking for anything.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
 * Differs: each pair of action and resource is a result of its own; there are no ResourceSpecificResults.
 */
export function simulateOperations(store: IamStore, policies: PrincipalPolicies) {
  /** The user, group or role with this ARN, and what it is given. */
  function source(accountId: string, arn: string): Simulated {
    const [, owner, kind, name = ''] = /^arn:aws:iam::(\d{12}):(user|group|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
    if (owner === undefined)
      throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
    if (kind === 'user') {
      const user = store.user(accountId, name);
      const principal: Principal = {
        kind: 'user',
        accountId,
        arn: iamArn(accountId, 'user', user),
        userId: user.id,
        userName: user.name,
      };
      const boundary = policies.boundaryOf(user);
      return {
        principal,
        policies: policies.ofUser(accountId, user),
        boundary,
        context: principalContext(principal, user.tags),
      };
    }
    if (kind === 'group') {
      const group = store.group(accountId, name);
      return { principal: anybody(accountId), policies: policies.ofGroup(group), boundary: undefined, context: {} };
    }
    const role = store.role(accountId, name);
    const principal: Principal = {
      kind: 'role-session',
      accountId,
      arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/simulation`,
      roleArn: iamArn(accountId, 'role', role),
      userId: `${role.id}:simulation`,
      sessionName: 'simulation',
    };
    const boundary = policies.boundaryOf(role);
    return { principal, policies: policies.ofRole(role), boundary, context: principalContext(principal, role.tags) };
  }

  return {
    principal({ caller }: RequestContext, input: Iam.SimulatePrincipalPolicyCommandInput): Iam.SimulatePolicyResponse {
      const from = source(caller.accountId, required(input.PolicySourceArn, 'policySourceArn'));
      const added = givenPolicies(input.PolicyInputList, 'PolicyInputList');
      return simulate({ ...from, policies: [...from.policies, ...added] }, input);
    },

    custom({ caller }: RequestContext, input: Iam.SimulateCustomPolicyCommandInput): Iam.SimulatePolicyResponse {
      const given = givenPolicies(required(input.PolicyInputList, 'policyInputList'), 'PolicyInputList');
      return simulate(
        { principal: anybody(caller.accountId), policies: given, boundary: undefined, context: {} },
        input,
      );
    },

    contextKeysOfCustom(
      _context: RequestContext,
      input: Iam.GetContextKeysForCustomPolicyCommandInput,
    ): Iam.GetContextKeysForPolicyResponse {
      const given = givenPolicies(required(input.PolicyInputList, 'policyInputList'), 'PolicyInputList');
      return { ContextKeyNames: keysOf(given.map(({ document }) => document)) };
    },

    contextKeysOfPrincipal(
      { caller }: RequestContext,
      input: Iam.GetContextKeysForPrincipalPolicyCommandInput,
    ): Iam.GetContextKeysForPolicyResponse {
      const from = source(caller.accountId, required(input.PolicySourceArn, 'policySourceArn'));
      const all = [...from.policies, ...givenPolicies(input.PolicyInputList, 'PolicyInputList')];
      return { ContextKeyNames: keysOf(all.map(({ document }) => document)) };
    },
  };
}

function simulate(from: Simulated, input: Input): Iam.SimulatePolicyResponse {
  const actions = required(input.ActionNames, 'actionNames');
  const given = Object.fromEntries(
    (input.ContextEntries ?? []).map(({ ContextKeyName: key = '', ContextKeyValues: values = [] }) => [key, values]),
  );
  const context = new ConditionContext(from.context).add(given);
  const boundaries = givenPolicies(input.PermissionsBoundaryPolicyInputList, 'PermissionsBoundaryPolicyInputList');
  const boundary = boundaries[0]?.document ?? from.boundary;
  const accountId = input.ResourceOwner === undefined ? from.principal.accountId : accountOf(input.ResourceOwner);
  const resource =
    input.ResourcePolicy === undefined
      ? undefined
      : { accountId, isRequired: false, documents: [checked(input.ResourcePolicy, 'resource')] };
  const identity = from.policies.map(({ document }) => document);
  const all = [...identity, ...(boundary === undefined ? [] : [boundary]), ...(resource?.documents ?? [])];
  const missing = keysOf(all).filter((key) => !context.has(key));
  const results = actions.flatMap((action) =>
    (input.ResourceArns ?? ['*']).map((arn): Iam.EvaluationResult => {
      const request = { principal: from.principal, action, resource: arn, context };
      const decision = evaluate(request, { identity, boundary, resource });
      const byBoundary = boundary === undefined ? undefined : evaluate(request, { identity: [boundary] }).allowed;
      return {
        EvalActionName: action,
        EvalResourceName: arn,
        EvalDecision: decision.allowed ? 'allowed' : decision.explicit ? 'explicitDeny' : 'implicitDeny',
        MatchedStatements: decision.matched.map(({ document, statement }) => {
          const sourced = from.policies.find((policy) => policy.document === document);
          const place = statementPositions(document.text)[document.statements.indexOf(statement)];
          return {
            SourcePolicyId: sourced?.id ?? (document === boundary ? 'PermissionsBoundary' : 'ResourcePolicy'),
            SourcePolicyType: sourced?.type ?? (document === boundary ? 'user-managed' : 'resource'),
            StartPosition: place && { Line: place.start.line, Column: place.start.column },
            EndPosition: place && { Line: place.end.line, Column: place.end.column },
          };
        }),
        MissingContextValues: missing,
        PermissionsBoundaryDecisionDetail:
          byBoundary === undefined ? undefined : { AllowedByPermissionsBoundary: byBoundary },
      };
    }),
  );
  const { page, ...rest } = pageOf([...results.entries()], ([index]) => String(index).padStart(6, '0'), input);
  return { EvaluationResults: page.map(([, result]) => result), ...rest };
}

function givenPolicies(texts: readonly string[] | undefined, member: string) {
  return (texts ?? []).map((text, index) => ({
    id: `${member}.${index + 1}`,
    type: 'none' as const,
    document: checked(text, 'identity'),
  }));
}

function checked(text: string, use: 'identity' | 'resource'): PolicyDocument {
  if (text === '') throw constraintError('policyInputList', NOT_NULL);
  const fault = policyFault(text, use);
  if (fault !== undefined) throw malformedPolicy(fault);
  return parsePolicy(text);
}

/** The keys that decide in conditions and variables. */
function keysOf(documents: readonly PolicyDocument[]): string[] {
  const keys = documents.flatMap(({ statements }) =>
    statements.flatMap(({ conditions, resources }) => [
      ...conditions.flatMap((condition) => [condition.key, ...condition.variableKeys]),
      ...(resources?.patterns.flatMap((pattern) => pattern.variableKeys) ?? []),
    ]),
  );
  return [...new Set(keys)];
}

/** Whose policies are simulated, when they are nobody's. */
function anybody(accountId: string): Principal {
  const arn = `arn:aws:iam::${accountId}:user/simulation`;
  return { kind: 'user', accountId, arn, userId: 'AIDASIMULATION', userName: 'simulation' };
}

function accountOf(given: string): string {
  return /^\d{12}$/.test(given) ? given : (given.split(':')[4] ?? '');
}
