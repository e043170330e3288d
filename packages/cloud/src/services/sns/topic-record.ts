import type { Caller } from '../../kernel/caller.js';

/** Attributes as the API has them, all text. */
export type Attributes = Readonly<Record<string, string>>;

/** A topic as the store keeps it. Times in epoch milliseconds. */
export interface TopicRecord {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly createdMs: number;
  /** Those that were set; the others have their defaults. */
  readonly attributes: Attributes;
  readonly tags: Attributes;
  readonly deletedSubscriptions: number;
  /** How many messages a FIFO topic has had. */
  readonly sequence: number;
}

export const PROTOCOLS = ['sqs', 'lambda', 'http', 'https', 'email', 'email-json', 'sms'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface SubscriptionRecord {
  /** The last part of its ARN. */
  readonly id: string;
  readonly topic: Caller & { readonly name: string };
  /** Account of who subscribed. */
  readonly owner: string;
  /** ARN of who subscribed. */
  readonly principalArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly attributes: Attributes;
  /** What confirms it. */
  readonly token: string;
  /** Only what is confirmed gets messages. */
  readonly isConfirmed: boolean;
}

export function topicArn({ region, accountId, name }: Caller & { readonly name: string }): string {
  return `arn:aws:sns:${region}:${accountId}:${name}`;
}

export function subscriptionArn({ topic, id }: SubscriptionRecord): string {
  return `${topicArn(topic)}:${id}`;
}

export function isFifo(topic: { readonly name: string }): boolean {
  return topic.name.endsWith('.fifo');
}
