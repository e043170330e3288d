import type { Caller } from '../kernel/caller.js';

/** What conditions of policies need to know of a table. */
export interface TableFacts {
  /** The attribute that is the partition key of a table, or of one of its indexes; undefined when neither is there. */
  hashKey(place: Caller, table: string, index?: string): string | undefined;
  tags(place: Caller, table: string): Readonly<Record<string, string>>;
  /** Whether a document would become the policy of a table or stream, if nobody minded. */
  takesPolicy(place: Caller, resourceArn: string, policy: string): boolean;
}
