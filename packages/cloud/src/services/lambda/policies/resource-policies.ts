import type {
  AddPermissionCommandInput,
  AddPermissionResponse,
  GetPolicyResponse,
  RemovePermissionCommandInput,
} from '@aws-sdk/client-lambda';
import type { Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../../kernel/caller.js';
import type { Kernel } from '../../../kernel/kernel.js';
import { Records } from '../../../kernel/records.js';
import type { RequestContext } from '../../service.js';
import type { FunctionCatalog, OfFunction } from '../functions/function-catalog.js';
import { checkRevision, conflict, constraintError, invalidParameter, notFound } from '../lambda-errors.js';

interface Statement {
  readonly Sid: string;
  readonly [element: string]: unknown;
}

interface PolicyRecord {
  readonly revisionId: string;
  readonly statements: readonly Statement[];
}

/**
 * Who, besides the account's own principals, may use a function, a version or an alias.
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export class ResourcePolicies {
  /** By function's name, or `name:qualifier`. */
  readonly #records: Records<PolicyRecord>;

  constructor(
    private readonly kernel: Kernel,
    private readonly catalog: FunctionCatalog,
  ) {
    this.#records = new Records(kernel.store, 'lambda.policies');
  }

  /** Whose a resource is, and the policy that a function, a version or an alias has, for whoever decides about requests. */
  ofArn(arn: string): { accountId: string; documents: string[] } {
    const [, , , region = '', accountId = '', kind, name = '', qualifier] = arn.split(':');
    const record =
      kind === 'function'
        ? this.#records.get(partitionOf({ accountId, region }), recordName(name, qualifier))
        : undefined;
    return { accountId, documents: record === undefined ? [] : [documentOf(record)] };
  }

  get({ caller }: RequestContext, input: OfFunction): GetPolicyResponse {
    const { name, qualifier } = this.#target(caller, input);
    const record = this.#records.get(partitionOf(caller), recordName(name, qualifier));
    if (record === undefined) throw notFound('The resource you requested does not exist.');
    return { Policy: documentOf(record), RevisionId: record.revisionId };
  }

  async add({ caller }: RequestContext, input: AddPermissionCommandInput): Promise<AddPermissionResponse> {
    const { name, qualifier, invokedArn } = this.#target(caller, input);
    const statement = statementOf(invokedArn, input);
    const key = recordName(name, qualifier);
    await this.kernel.store.change((writer) => {
      const present = this.#records.getFrom(writer, partitionOf(caller), key);
      checkRevision(present?.revisionId, input.RevisionId);
      const statements = present?.statements ?? [];
      if (statements.some(({ Sid }) => Sid === statement.Sid)) {
        throw conflict(
          `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove ` +
            'the existing statement.',
        );
      }
      const record = { revisionId: this.kernel.random.uuid(), statements: [...statements, statement] };
      this.#records.putIn(writer, partitionOf(caller), key, record);
    });
    return { Statement: JSON.stringify(statement) };
  }

  async remove({ caller }: RequestContext, input: RemovePermissionCommandInput): Promise<object> {
    const { name, qualifier } = this.#target(caller, input);
    const key = recordName(name, qualifier);
    await this.kernel.store.change((writer) => {
      const present = this.#records.getFrom(writer, partitionOf(caller), key);
      if (present === undefined) throw notFound('No policy is associated with the given resource.');
      checkRevision(present.revisionId, input.RevisionId);
      const statements = present.statements.filter(({ Sid }) => Sid !== input.StatementId);
      if (statements.length === present.statements.length) {
        throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
      }
      if (statements.length === 0) this.#records.deleteIn(writer, partitionOf(caller), key);
      else {
        const record = { revisionId: this.kernel.random.uuid(), statements };
        this.#records.putIn(writer, partitionOf(caller), key, record);
      }
    });
    return {};
  }

  removeIn(writer: Writer, caller: Caller, name: string, qualifier: string): void {
    this.#records.deleteIn(writer, partitionOf(caller), recordName(name, qualifier));
  }

  /** Of the function and all its versions and aliases. */
  removeAllIn(writer: Writer, caller: Caller, name: string): void {
    this.#records.deleteIn(writer, partitionOf(caller), name);
    for (const [key] of [...this.#records.list(partitionOf(caller), { prefix: `${name}:` })]) {
      this.#records.deleteIn(writer, partitionOf(caller), key);
    }
  }

  /** The function and the qualifier that is meant; both are there. */
  #target(caller: Caller, input: OfFunction): { name: string; qualifier: string | undefined; invokedArn: string } {
    const { name, qualifier, invokedArn } = this.catalog.resolve(caller, input);
    return { name, qualifier, invokedArn };
  }
}

function recordName(name: string, qualifier: string | undefined): string {
  return qualifier === undefined || qualifier === '$LATEST' ? name : `${name}:${qualifier}`;
}

function documentOf({ statements }: PolicyRecord): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}

const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

function statementOf(resource: string, input: AddPermissionCommandInput): Statement {
  const { StatementId, Action, Principal } = input;
  if (StatementId === undefined || !/^[a-zA-Z0-9-_.]{1,100}$/.test(StatementId)) {
    throw constraintError(
      StatementId,
      'statementId',
      'Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)',
    );
  }
  if (Action === undefined || !/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/.test(Action)) {
    const pattern = '(lambda:[*]|lambda:[a-zA-Z]+|[*])';
    throw constraintError(Action, 'action', `Member must satisfy regular expression pattern: ${pattern}`);
  }
  const condition = conditionOf(input);
  return {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: principalOf(Principal ?? ''),
    Action,
    Resource: resource,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

function principalOf(principal: string): unknown {
  if (principal === '*') return '*';
  if (SERVICE.test(principal)) return { Service: principal };
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (principal.startsWith('arn:')) return { AWS: principal };
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.');
}

function conditionOf(input: AddPermissionCommandInput): Record<string, Record<string, string>> {
  const strings = {
    ...(input.SourceAccount === undefined ? {} : { 'AWS:SourceAccount': input.SourceAccount }),
    ...(input.EventSourceToken === undefined ? {} : { 'lambda:EventSourceToken': input.EventSourceToken }),
    ...(input.PrincipalOrgID === undefined ? {} : { 'aws:PrincipalOrgID': input.PrincipalOrgID }),
    ...(input.FunctionUrlAuthType === undefined ? {} : { 'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType }),
  };
  return {
    ...(Object.keys(strings).length === 0 ? {} : { StringEquals: strings }),
    ...(input.SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
  };
}
