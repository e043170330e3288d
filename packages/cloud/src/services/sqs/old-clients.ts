import type { WireRequest } from '../../wire/index.js';

/**
 * Clients of the Query protocol send what concerns a queue to the queue's URL, some without saying the URL again.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
 */
export function withQueueOfPath(request: WireRequest): WireRequest {
  const [, path] = /^(\/\d{12}\/[\w.-]+)\/?$/.exec(request.path) ?? [];
  if (path === undefined || request.headers['x-amz-target'] !== undefined) return request;
  const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  if (/(^|&)QueueUrl=/.test(`${request.query}&${body}`)) return request;
  const url = new URLSearchParams({ QueueUrl: `http://${request.headers.host ?? 'localhost'}${path}` }).toString();
  return { ...request, query: request.query === '' ? url : `${request.query}&${url}` };
}
