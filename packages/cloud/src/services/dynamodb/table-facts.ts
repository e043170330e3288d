import { type Engine, statementAccess } from '@tablewright/engine';
import type { TableFacts } from '../../authorization/table-facts.js';
import type { OfferedPolicy } from '../../kernel/resource-policies.js';

/** What policies ask about tables. */
export function tableFacts(engine: () => Engine): TableFacts {
  return {
    hashKey: (place, table, index) => engine().accessFacts(place, table)?.hashKey(index),
    customerKey: (place, table) => engine().accessFacts(place, table)?.customerKey,
    tags(place, table) {
      const tags = engine().accessFacts(place, table)?.tags ?? [];
      return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
    },
    statement: statementAccess,
    takesPolicy: (place, arn, policy) => engine().takesPolicy(place, arn, policy),
  };
}

/** The policy of a table or stream; an index has that of its table. */
export function tablePolicy(engine: Engine, arn: string): OfferedPolicy {
  const [, , , region = '', accountId = '', ...rest] = arn.split(':');
  const resource = rest.join(':');
  const policy = resource.includes('/stream/')
    ? streamPolicy(engine, { accountId, region }, arn)
    : engine.accessFacts({ accountId, region }, resource.split('/')[1] ?? '')?.policy;
  return { accountId, documents: policy === undefined ? [] : [policy] };
}

function streamPolicy(engine: Engine, place: { accountId: string; region: string }, arn: string): string | undefined {
  try {
    const output = engine.run('GetResourcePolicy', place, { ResourceArn: arn });
    return output instanceof Promise || typeof output.Policy !== 'string' ? undefined : output.Policy;
  } catch {
    // The stream has none, or is not there.
    return undefined;
  }
}
