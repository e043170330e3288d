import type { Caller } from '../kernel/caller.js';

/** What permissions look at in a PartiQL statement. */
export interface StatementFacts {
  readonly verb: 'Select' | 'Insert' | 'Update' | 'Delete';
  readonly tableName: string;
  readonly indexName: string | undefined;
  /** The top-level attributes that it names; `*` names none. */
  readonly attributes: readonly string[];
  /** The values, in AWS JSON, that it holds a key attribute to; undefined when it may meet any. */
  valuesOf(attribute: string): readonly unknown[] | undefined;
}

/** What conditions of policies need to know of a table. */
export interface TableFacts {
  /** The attribute that is the partition key of a table, or of one of its indexes; undefined when neither is there. */
  hashKey(place: Caller, table: string, index?: string): string | undefined;
  /** The ARN of the customer managed key of a table; undefined when it has none, or is not there. */
  customerKey(place: Caller, table: string): string | undefined;
  tags(place: Caller, table: string): Readonly<Record<string, string>>;
  /** Undefined for a statement that is not understood. */
  statement(text: string, parameters: readonly unknown[]): StatementFacts | undefined;
  /** Whether a document would become the policy of a table or stream, if nobody minded. */
  takesPolicy(place: Caller, resourceArn: string, policy: string): boolean;
}
