import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { defined } from '@tablewright/base';
import type { Connection } from './connection.js';

export interface CallerIdentity {
  /** 12 digits. */
  readonly account: string;
  readonly arn: string;
}

/** Whose credentials these are, as STS says. */
export async function callerIdentity(connection: Connection): Promise<CallerIdentity> {
  const output = await connection.call(() => connection.sts.send(new GetCallerIdentityCommand({})));
  return { account: defined(output.Account, 'the account of GetCallerIdentity'), arn: output.Arn ?? '' };
}
