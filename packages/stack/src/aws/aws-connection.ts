import type { Clock, Random } from '@tablewright/base';

/** Access keys given in place of the standard credential chain. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where the AWS calls go and on whose behalf. */
export interface AwsConnection {
  /** A URL in place of AWS's own endpoints; absent for AWS itself. */
  readonly endpoint?: string;
  readonly region: string;
  /** Absent: the SDK's standard chain (environment, profile, SSO, roles). */
  readonly credentials?: AwsKeys;
  readonly profile?: string;
  /** Drives every wait for a state of AWS. */
  readonly clock: Clock;
  readonly random: Random;
}
