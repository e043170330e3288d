import type { Caller } from './caller.js';

/** That an alarm calls for one of its actions: at the change of its state, and again at each evaluation in ALARM. */
export interface AlarmAction {
  readonly caller: Caller;
  readonly alarmName: string;
  readonly alarmArn: string;
  /** E.g. the ARN of a scaling policy. */
  readonly actionArn: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly atMs: number;
}

/** Where those who carry out an alarm's actions, other than calls of an API, subscribe. */
export class AlarmFeed {
  readonly #listeners = new Set<(action: AlarmAction) => Promise<void>>();

  /** `listener` resolves when it has done what the action calls for. Returns what ends it. */
  subscribe(listener: (action: AlarmAction) => Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async tell(action: AlarmAction): Promise<void> {
    for (const listener of this.#listeners) await listener(action);
  }
}
