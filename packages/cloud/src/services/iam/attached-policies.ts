import type * as Iam from '@aws-sdk/client-iam';
import { checkedDocument, sizeOf } from './documents.js';
import { limitExceeded, noSuchEntity } from './iam-errors.js';
import type { SubjectRecord } from './iam-records.js';
import type { IamStore } from './iam-store.js';
import { isNotAttachable, policyOf, wasNotFound } from './managed-policy.js';
import { checkedName, encodedDocument, required } from './names.js';
import { type PageInput, pageOf } from './page.js';
import type { SubjectKind } from './subjects.js';

const MAX_ATTACHED = 10;

/** Inline policies and attachments, which are the same for roles, users and groups. */
export class AttachedPolicies<T extends SubjectRecord> {
  constructor(
    private readonly store: IamStore,
    private readonly kind: SubjectKind<T>,
  ) {}

  async attach(accountId: string, name: string | undefined, policyArn: string | undefined): Promise<object> {
    const policy = policyOf(this.store, accountId, required(policyArn, 'policyArn'), isNotAttachable);
    await this.kind.update(accountId, name, (subject) => {
      if (subject.attached.some(({ arn }) => arn === policy.arn)) return subject;
      if (subject.attached.length >= MAX_ATTACHED) {
        const { word } = this.kind;
        throw limitExceeded(
          `Cannot exceed quota for PoliciesPer${word[0]?.toUpperCase()}${word.slice(1)}: ${MAX_ATTACHED}`,
        );
      }
      return { ...subject, attached: [...subject.attached, { name: policy.name, arn: policy.arn }] };
    });
    return {};
  }

  async detach(accountId: string, name: string | undefined, policyArn: string | undefined): Promise<object> {
    const arn = required(policyArn, 'policyArn');
    await this.kind.update(accountId, name, (subject) => {
      const attached = subject.attached.filter((attachment) => attachment.arn !== arn);
      if (attached.length === subject.attached.length) throw wasNotFound(arn);
      return { ...subject, attached };
    });
    return {};
  }

  listAttached(
    accountId: string,
    name: string | undefined,
    input: PageInput & { readonly PathPrefix?: string | undefined },
  ) {
    const { PathPrefix: prefix = '/' } = input;
    const found = this.kind.open(accountId, name).attached.filter(({ arn }) => pathOf(arn).startsWith(prefix));
    const { page, ...rest } = pageOf(found, ({ arn }) => arn, input);
    return { AttachedPolicies: page.map(attachedPolicy), ...rest };
  }

  async put(accountId: string, name: string | undefined, policyName: string | undefined, text: string | undefined) {
    const { word, inlineLimit } = this.kind;
    const checked = checkedName(policyName, 'policyName');
    const limit = {
      characters: inlineLimit,
      message: `Maximum policy size of ${inlineLimit} bytes exceeded for ${word} ${name}`,
    };
    const document = checkedDocument(text, 'identity', limit);
    await this.kind.update(accountId, name, (subject) => {
      const inline = { ...subject.inline, [checked]: document };
      const total = Object.values(inline).reduce((sum, policy) => sum + sizeOf(policy), 0);
      if (total > inlineLimit) throw limitExceeded(limit.message);
      return { ...subject, inline };
    });
    return {};
  }

  get(accountId: string, name: string | undefined, policyName: string | undefined) {
    const checked = checkedName(policyName, 'policyName');
    const subject = this.kind.open(accountId, name);
    const document = subject.inline[checked];
    if (document === undefined) throw this.#inlineMissing(checked);
    return { name: subject.name, policy: { PolicyName: checked, PolicyDocument: encodedDocument(document) } };
  }

  async remove(accountId: string, name: string | undefined, policyName: string | undefined): Promise<object> {
    const checked = checkedName(policyName, 'policyName');
    await this.kind.update(accountId, name, (subject) => {
      const { [checked]: removed, ...inline } = subject.inline;
      if (removed === undefined) throw this.#inlineMissing(checked);
      return { ...subject, inline };
    });
    return {};
  }

  listInline(accountId: string, name: string | undefined, input: PageInput) {
    const names = Object.keys(this.kind.open(accountId, name).inline).sort();
    const { page, ...rest } = pageOf(names, (policyName) => policyName, input);
    return { PolicyNames: [...page], ...rest };
  }

  #inlineMissing(policyName: string): Error {
    return noSuchEntity(`The ${this.kind.word} policy with name ${policyName} cannot be found.`);
  }
}

export function attachedPolicy({ name, arn }: { readonly name: string; readonly arn: string }): Iam.AttachedPolicy {
  return { PolicyName: name, PolicyArn: arn };
}

export function inlinePolicies(inline: Readonly<Record<string, string>>): Iam.PolicyDetail[] {
  return Object.entries(inline).map(([PolicyName, document]) => ({
    PolicyName,
    PolicyDocument: encodedDocument(document),
  }));
}

function pathOf(policyArn: string): string {
  const resource = policyArn.slice(policyArn.indexOf(':policy/') + ':policy'.length);
  return resource.slice(0, resource.lastIndexOf('/') + 1);
}
