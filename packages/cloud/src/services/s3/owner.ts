/** S3's canonical user ids are 64 hex digits; the account's number fills ours. */
export function ownerId(accountId: string): string {
  return accountId.padStart(64, '0');
}
