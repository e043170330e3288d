import { createHmac } from 'node:crypto';
import type { SignedRequest } from './canonical-request.js';

/** Parameters of the query that belong to the resource and are signed. */
const SUBRESOURCES = new Set([
  'accelerate',
  'acl',
  'analytics',
  'cors',
  'defaultObjectAcl',
  'delete',
  'inventory',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'partNumber',
  'policy',
  'replication',
  'requestPayment',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
  'restore',
  'select',
  'select-type',
  'storageClass',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
]);

/**
 * The signatures that a presigned URL of S3's version 2 may have: that of its path, and, since the host may name the
 * bucket, that of the path behind it. Some clients still make such URLs.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html#RESTAuthenticationQueryStringAuth
 */
export function s3QuerySignatures(request: SignedRequest, secret: string): readonly string[] {
  const { method, path, headers } = request;
  const parameters = new URLSearchParams(request.query);
  const signed = new Map<string, string>();
  for (const [name, value = ''] of Object.entries(headers))
    if (name.startsWith('x-amz-')) signed.set(name, value.trim());
  for (const [name, value] of parameters) if (/^x-amz-/i.test(name)) signed.set(name.toLowerCase(), value);
  const amzHeaders = [...signed]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`);
  const subresources = [...parameters]
    .filter(([name]) => SUBRESOURCES.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&');
  const bucket = headers.host?.split('.')[0] ?? '';
  return [path, `/${bucket}${path}`].map((resource) => {
    const text = [
      method,
      headers['content-md5'] ?? '',
      headers['content-type'] ?? '',
      parameters.get('Expires') ?? '',
      `${amzHeaders.join('')}${resource}${subresources === '' ? '' : `?${subresources}`}`,
    ].join('\n');
    return createHmac('sha1', secret).update(text).digest('base64');
  });
}
