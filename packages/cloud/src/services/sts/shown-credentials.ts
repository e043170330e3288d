import type * as Sts from '@aws-sdk/client-sts';
import type { SessionCredentials } from '../../kernel/identity-port.js';

export function shownCredentials(credentials: SessionCredentials): Sts.Credentials {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: new Date(credentials.expirationMs),
  };
}
