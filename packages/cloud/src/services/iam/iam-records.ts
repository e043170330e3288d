/** What IAM keeps. Everything belongs to an account; regions play no part. Documents are kept as they were given. */

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Attachment {
  readonly name: string;
  readonly arn: string;
}

/** What roles, users and groups have in common: policies can be put on them. */
export interface SubjectRecord {
  readonly name: string;
  /** `AROA…`, `AIDA…`, `AGPA…` */
  readonly id: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly createdMs: number;
  /** Inline policies by name. */
  readonly inline: Readonly<Record<string, string>>;
  readonly attached: readonly Attachment[];
}

export interface RoleRecord extends SubjectRecord {
  readonly trustPolicy: string;
  readonly description?: string | undefined;
  readonly maxSessionSeconds: number;
  readonly boundaryArn?: string | undefined;
  readonly tags: readonly Tag[];
  /** The service that a service-linked role belongs to. */
  readonly linkedService?: string;
}

export interface UserRecord extends SubjectRecord {
  readonly boundaryArn?: string | undefined;
  readonly tags: readonly Tag[];
  /** Names of the groups that the user is in. */
  readonly groups: readonly string[];
}

export type GroupRecord = SubjectRecord;

export interface PolicyVersion {
  /** `v1`, `v2`, … */
  readonly id: string;
  readonly document: string;
  readonly createdMs: number;
}

/** A managed policy of the account's own. */
export interface PolicyRecord {
  readonly name: string;
  /** `ANPA…` */
  readonly id: string;
  readonly path: string;
  readonly description?: string | undefined;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly versions: readonly PolicyVersion[];
  readonly defaultVersion: string;
  readonly nextVersion: number;
  readonly tags: readonly Tag[];
}

export interface InstanceProfileRecord {
  readonly name: string;
  /** `AIPA…` */
  readonly id: string;
  readonly path: string;
  readonly createdMs: number;
  readonly roleName?: string | undefined;
  readonly tags: readonly Tag[];
}

/** An access key of a user. One that was deleted stays known, so that its id never passes for an unknown one. */
export interface AccessKeyRecord {
  readonly id: string;
  readonly secret: string;
  readonly accountId: string;
  readonly userName: string;
  readonly status: 'Active' | 'Inactive' | 'Deleted';
  readonly createdMs: number;
}

export interface AccountRecord {
  readonly alias?: string | undefined;
}
