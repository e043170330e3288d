import type { Writer } from '@tablewright/store';
import { partitionOf } from '../../kernel/caller.js';
import { Records } from '../../kernel/records.js';
import { Courier } from './courier.js';
import { AWS_RETRIES, httpPolicy, retryDelayMs } from './delivery-policy.js';
import type { PublishedMessage } from './published-message.js';
import { isFifo, type SubscriptionRecord, type TopicRecord } from './topic-record.js';
import type { TopicStore } from './topic-store.js';

/** Name of the collection, which also wakes the service. */
export const DELIVERIES = 'sns.deliveries';

const TIME_DIGITS = 15;
const SEQUENCE_DIGITS = 16;

/** A message that one subscriber has yet to get. */
export interface DeliveryRecord {
  /** Names it in the store; in the order of publication. */
  readonly name: string;
  readonly topic: TopicRecord['name'];
  readonly subscriptionId: string;
  readonly message: PublishedMessage;
  readonly sequence?: string;
  readonly attempts: number;
  readonly dueMs: number;
}

type Placed = readonly [partition: string, record: DeliveryRecord];

/**
 * Messages on their way. They are kept in the change that publishes them, until each subscriber has its own or it is
 * given up, so that none is lost; one may come twice after a crash, as on AWS.
 */
export class Outbox {
  readonly #records: Records<DeliveryRecord>;
  readonly #courier: Courier;
  /** FIFO topics: what a subscriber gets, one after the other. */
  readonly #lanes = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(private readonly store: TopicStore) {
    this.#records = new Records(store.kernel.store, DELIVERIES);
    this.#courier = new Courier(store.kernel);
  }

  /** Takes up what was on its way when the endpoint stopped. */
  start(): void {
    for (const placed of this.#records.entries()) this.#schedule(placed);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Within the change that publishes; `run` it when that is done. */
  addIn(
    writer: Writer,
    topic: TopicRecord,
    subscription: SubscriptionRecord,
    message: PublishedMessage,
    order: { readonly position: number; readonly sequence: string | undefined },
  ): Placed {
    const time = String(message.publishedMs).padStart(TIME_DIGITS, '0');
    const position = String(order.position).padStart(SEQUENCE_DIGITS, '0');
    const record: DeliveryRecord = {
      name: `${time}/${position}/${message.id}/${subscription.id}`,
      topic: topic.name,
      subscriptionId: subscription.id,
      message,
      ...(order.sequence !== undefined && { sequence: order.sequence }),
      attempts: 0,
      dueMs: message.publishedMs,
    };
    this.#records.putIn(writer, partitionOf(topic), record.name, record);
    return [partitionOf(topic), record];
  }

  run(deliveries: readonly Placed[]): void {
    for (const placed of deliveries) this.#run(placed);
  }

  /** Asks an endpoint to confirm; once, since it can be asked again by subscribing again. */
  askToConfirm(subscription: SubscriptionRecord): void {
    const { kernel } = this.store;
    const asking = this.#courier.askToConfirm(subscription).then((result) => {
      if (result.kind !== 'taken') kernel.note(`sns: ${subscription.endpoint} took no confirmation: ${result.reason}`);
    });
    kernel.activity.track(`confirmation of ${subscription.endpoint}`, asking);
  }

  #run(placed: Placed): void {
    const [, { topic }] = placed;
    const attempt = isFifo({ name: topic }) ? this.#inLane(placed) : this.#attempt(placed);
    this.store.kernel.activity.track(`delivery of ${topic}`, attempt);
  }

  #inLane(placed: Placed): Promise<void> {
    const lane = placed[1].subscriptionId;
    const attempt = (this.#lanes.get(lane) ?? Promise.resolve()).then(() => this.#attempt(placed));
    this.#lanes.set(lane, attempt);
    return attempt.finally(() => {
      if (this.#lanes.get(lane) === attempt) this.#lanes.delete(lane);
    });
  }

  #schedule(placed: Placed): void {
    const { clock } = this.store.kernel;
    const waitMs = placed[1].dueMs - clock.nowMs();
    if (waitMs <= 0) this.#run(placed);
    else clock.after(waitMs, () => this.#attempt(placed));
  }

  async #attempt(placed: Placed): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#deliver(placed);
    } catch (fault) {
      if (!this.#isClosed) this.store.kernel.reportFault(`delivery of ${placed[1].topic}`, fault);
    }
  }

  async #deliver([partition, record]: Placed): Promise<void> {
    const subscription = this.store.subscriptions.get(partition, `${record.topic}/${record.subscriptionId}`);
    // It was ended in the meantime.
    if (subscription === undefined) return this.#records.delete(partition, record.name);
    const deliveryPolicy = this.store.topics.get(partition, record.topic)?.attributes.DeliveryPolicy;
    const parcel = { subscription, message: record.message, sequence: record.sequence, deliveryPolicy };
    const result = await this.#courier.bring(parcel);
    if (this.#isClosed) return;
    if (result.kind === 'taken') return this.#records.delete(partition, record.name);
    const retries = subscription.protocol.startsWith('http')
      ? httpPolicy(deliveryPolicy, subscription.attributes.DeliveryPolicy).retries
      : AWS_RETRIES;
    const delayMs = result.kind === 'refused' ? undefined : retryDelayMs(retries, record.attempts);
    if (delayMs !== undefined) return this.#again([partition, record], delayMs);
    this.#courier.givenUp(parcel, result.reason);
    await this.#courier.bury(parcel);
    await this.#records.delete(partition, record.name);
  }

  async #again([partition, record]: Placed, delayMs: number): Promise<void> {
    const dueMs = this.store.kernel.clock.nowMs() + delayMs;
    const later = { ...record, attempts: record.attempts + 1, dueMs };
    await this.#records.put(partition, later.name, later);
    this.#schedule([partition, later]);
  }
}
