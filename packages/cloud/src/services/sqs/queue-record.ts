import type { Caller } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';

/** Names of attributes that can be set, with their values as text, as the API has them. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** A queue as the store keeps it. Times in epoch milliseconds. */
export interface QueueRecord {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** Names the messages in the store; a later queue of the same name has another. */
  readonly id: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** Those that were set; the others have their defaults. */
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
}

export function queueArn({ region, accountId, name }: Caller & { readonly name: string }): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

/** @param endpointUrl Where the client reached the endpoint, without a slash at its end. */
export function queueUrl(endpointUrl: string, { accountId, name }: { accountId: string; name: string }): string {
  return `${endpointUrl}/${accountId}/${name}`;
}

/** Whose queue a URL, of whatever host, names, and which; the region is the request's. */
export function parseQueueUrl(url: string): { accountId: string; name: string } {
  const [, accountId, name] = /(?:^|\/)(\d{12})\/([\w-]{1,80}(?:\.fifo)?)\/?$/.exec(url) ?? [];
  if (accountId === undefined || name === undefined) {
    throw new ServiceError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
  }
  return { accountId, name };
}

export function isFifo(queue: { readonly name: string }): boolean {
  return queue.name.endsWith('.fifo');
}
