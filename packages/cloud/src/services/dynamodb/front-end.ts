import type { IncomingMessage } from 'node:http';
import {
  type Credential,
  type CredentialFault,
  isCredentialFault,
  readAuthorization,
  readScope,
} from '../../kernel/credential.js';
import type { RequestHead } from '../../server/request-head.js';

// What DynamoDB's HTTP front end looks at before it looks into a request: the content type of the body, and how the
// request is signed. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html

export const AWS_JSON = 'application/x-amz-json-1.0';
const PLAIN_JSON = 'application/json';

/**
 * The content type of the answer, which is that of the request; undefined when the request has a body of a type that
 * DynamoDB does not know.
 */
export function answerType(contentType: string | undefined, hasBody: boolean): string | undefined {
  const type = (contentType ?? '').split(';', 1)[0]?.trim();
  if (type === AWS_JSON) return AWS_JSON;
  return hasBody && type !== PLAIN_JSON ? undefined : PLAIN_JSON;
}

/** Who signed a request, by its header or in its query, or what is wrong with that. */
export function signerOf({ url = '', headers }: IncomingMessage, head: RequestHead): Credential | CredentialFault {
  const mark = url.indexOf('?');
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  if (query.has(ALGORITHM)) return head.authorization === undefined ? readQuery(query) : SIGNED_TWICE;
  const signer = readAuthorization(head.authorization);
  if (!isCredentialFault(signer) || signer.code !== 'IncompleteSignatureException') return signer;
  if (headers['x-amz-date'] !== undefined || headers.date !== undefined) return signer;
  return { ...signer, message: signer.message.replace('Authorization=', `${NO_DATE}Authorization=`) };
}

const ALGORITHM = 'X-Amz-Algorithm';
const QUERY_PARAMETERS = [ALGORITHM, 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date'];
const NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";

const SIGNED_TWICE: CredentialFault = {
  code: 'InvalidSignatureException',
  message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
};

function readQuery(query: URLSearchParams): Credential | CredentialFault {
  const missing = QUERY_PARAMETERS.filter((name) => (query.get(name) ?? '') === '');
  if (missing.length === 0) return readScope(query.get('X-Amz-Credential') ?? '');
  const message = missing.map((name) => `AWS query-string parameters must include '${name}'. `).join('');
  return { code: 'IncompleteSignatureException', message: `${message}Re-examine the query-string parameters.` };
}
