import { type Credential, type CredentialFault, readAuthorization } from '../kernel/credential.js';

/** The few headers that every request is judged by, read in one pass without building a header object. */
export interface RequestHead {
  /** Of several Host headers all, with commas between them. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly authorization: string | undefined;
  readonly target: string | undefined;
  readonly acceptEncoding: string | undefined;
  readonly contentEncoding: string | undefined;
  /** What {@link headCredential} has read. */
  credential: Credential | CredentialFault | undefined;
}

/** The credential of the `Authorization` header, read once: that takes longer than it looks. */
export function headCredential(head: RequestHead): Credential | CredentialFault {
  head.credential ??= readAuthorization(head.authorization);
  return head.credential;
}

/** @param raw `IncomingMessage.rawHeaders`: names and values in turn. */
export function readHead(raw: readonly string[]): RequestHead {
  let host: string | undefined;
  let origin: string | undefined;
  let fetchSite: string | undefined;
  let authorization: string | undefined;
  let target: string | undefined;
  let acceptEncoding: string | undefined;
  let contentEncoding: string | undefined;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    // Lengths tell the wanted names apart from nearly all others before anything is lower-cased.
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === 'host') host = host === undefined ? raw[index + 1] : `${host}, ${raw[index + 1]}`;
        break;
      case 6:
        if (name.toLowerCase() === 'origin') origin = raw[index + 1];
        break;
      case 12:
        if (name.toLowerCase() === 'x-amz-target') target = raw[index + 1];
        break;
      case 13:
        if (name.toLowerCase() === 'authorization') authorization = raw[index + 1];
        break;
      case 14:
        if (name.toLowerCase() === 'sec-fetch-site') fetchSite = raw[index + 1];
        break;
      case 15:
        if (name.toLowerCase() === 'accept-encoding') acceptEncoding = raw[index + 1];
        break;
      case 16:
        if (name.toLowerCase() === 'content-encoding') contentEncoding = raw[index + 1];
        break;
    }
  }
  return { host, origin, fetchSite, authorization, target, acceptEncoding, contentEncoding, credential: undefined };
}
