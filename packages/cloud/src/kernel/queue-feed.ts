/** What the service that has the queues knows of them, by ARN. */
export interface QueueKnowledge {
  /** Names the queue in what is told; undefined when there is none. */
  idOf(queueArn: string): string | undefined;
  /** When the next message that is not receivable now becomes so, on the endpoint's clock; undefined when none does. */
  nextMs(queueArn: string): number | undefined;
}

/** How those who take messages out of queues by themselves learn that there are some, without polling. */
export class QueueFeed {
  readonly #listeners = new Map<string, Set<() => void>>();
  #knowledge: QueueKnowledge | undefined;

  /** Called by the service that has the queues, when it is made. */
  offer(knowledge: QueueKnowledge): void {
    this.#knowledge = knowledge;
  }

  /** There may be something to receive. */
  tell(queueId: string): void {
    for (const listener of [...(this.#listeners.get(queueId) ?? [])]) listener();
  }

  /**
   * Calls `listener` whenever the queue may have messages, but for those that become receivable by time alone (see
   * {@link nextMs}). Returns what ends it. Nobody is called for a queue that is not there, or before its service is loaded.
   */
  subscribe(queueArn: string, listener: () => void): () => void {
    const id = this.#knowledge?.idOf(queueArn);
    if (id === undefined) return () => {};
    const listeners = this.#listeners.get(id) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(id, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  nextMs(queueArn: string): number | undefined {
    return this.#knowledge?.nextMs(queueArn);
  }
}
