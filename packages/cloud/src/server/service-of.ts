import type { IncomingMessage } from 'node:http';
import {
  type Credential,
  type CredentialFault,
  isCredentialFault,
  readAuthorization,
  readPresigned,
} from '../kernel/credential.js';
import { hostName } from './origin-guard.js';
import type { RequestHead } from './request-head.js';

/** The service that a JSON or CBOR service's target names, for requests without a signature. */
const TARGETS: readonly (readonly [prefix: string, service: string])[] = [
  ['DynamoDB_', 'dynamodb'],
  ['DynamoDBStreams_', 'dynamodb'],
  ['Kinesis_', 'kinesis'],
  ['TrentService', 'kms'],
  ['GraniteServiceVersion', 'monitoring'],
  ['Logs_', 'logs'],
  ['AmazonSQS', 'sqs'],
  ['AnyScaleFrontendService', 'application-autoscaling'],
];

/** The service whose REST paths begin so, likewise. */
const PATHS: readonly (readonly [pattern: RegExp, service: string])[] = [
  [/^\/service\/GraniteServiceVersion/, 'monitoring'],
  [/^\/20\d\d-\d\d-\d\d\/(functions|tags|event-source-mappings|layers|account-settings|code-signing-config)/, 'lambda'],
];

/**
 * The signing name of the service that a request is for: what its credential scope says, else (a request without
 * a signature, which will be refused, but in the service's own words) what target, path and host suggest.
 */
export function serviceOf(request: IncomingMessage, head: RequestHead): string {
  const signed = credentialOf(request, head);
  if (!isCredentialFault(signed)) return signed.service;
  const { target } = head;
  if (target !== undefined) return TARGETS.find(([prefix]) => target.startsWith(prefix))?.[1] ?? unknownTarget(target);
  const url = request.url ?? '/';
  const byPath = PATHS.find(([pattern]) => pattern.test(url));
  if (byPath !== undefined) return byPath[1];
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return 'sts';
  if (type.startsWith('application/x-amz-json-1.0')) return 'dynamodb';
  // DynamoDB's health check comes unsigned, to the bare address.
  if (url === '/' && !hostName(head.host ?? '').includes('s3.')) return 'dynamodb';
  return 's3';
}

/** DynamoDB answers for targets that name no operation of any service, so that these are refused as AWS does. */
function unknownTarget(target: string): string {
  return target.includes('.') ? 'unknown' : 'dynamodb';
}

/** The credential in the Authorization header or, for a presigned URL, in the query. */
export function credentialOf(request: IncomingMessage, head: RequestHead): Credential | CredentialFault {
  if (head.authorization === undefined && request.url !== undefined) {
    const mark = request.url.indexOf('?');
    if (mark >= 0) return readPresigned(request.url.slice(mark + 1));
  }
  return readAuthorization(head.authorization);
}
