import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import type { ExhaustiveHandlers, Handlers, OperationInput, OperationName, OperationOutput } from './index.js';

type Sts = typeof import('@aws-sdk/client-sts');
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

describe('the types of a service’s handlers', () => {
  it('are those of the SDK client', () => {
    const names: OperationName<Sts>[] = ['AssumeRole', 'GetCallerIdentity'];
    const tags: OperationInput<Sts, 'AssumeRole'>['Tags'] = [{ Key: 'a', Value: 'b' }];
    const isSame: Equal<
      OperationOutput<Sts, 'GetCallerIdentity'>,
      Omit<GetCallerIdentityCommandOutput, '$metadata'>
    > = true;
    const handlers: Handlers<Sts, { account: string }> = {
      GetCallerIdentity: ({ account }) => ({ Account: account }),
      AssumeRole: async (_context, { RoleArn }) => ({ SourceIdentity: RoleArn }),
      // @ts-expect-error a member of another type
      GetAccessKeyInfo: () => ({ Account: 1 }),
    };
    // @ts-expect-error operations are missing
    const table: ExhaustiveHandlers<Sts, object> = { GetCallerIdentity: undefined };
    assert.ok(isSame && names && tags && table);
    assert.deepEqual(handlers.GetCallerIdentity?.({ account: '0' }, {}), { Account: '0' });
  });
});
