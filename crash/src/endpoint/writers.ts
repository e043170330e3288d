import type { Clock } from '@tablewright/base';
import type { SeededRandom } from '@tablewright/testkit';
import type { Plant } from '../kill-run.js';
import { type EndpointClient, Gone, type Json, Refusal } from './client.js';
import type { Ledger, Operation } from './ledger.js';
import { type PlannedWrite, WritePlanner } from './requests.js';

/** A transaction that was sent with a token. */
export interface TokenUse {
  readonly input: Json;
  readonly operation: Operation;
}

export interface WritersOptions {
  readonly client: EndpointClient;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly random: SeededRandom;
  readonly plant: Plant;
  readonly nextNumber: () => number;
}

const WRITERS = 10;

/** Writers of one life of the endpoint: each sends its next write when the last is answered. */
export class Writers {
  /** The last transaction of each writer. */
  readonly tokens = new Map<number, TokenUse>();
  readonly violations: string[] = [];
  #answered = 0;
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  constructor(private readonly options: WritersOptions) {}

  /** Resolves when so many writes have been answered. One at a time. */
  answered(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { count, resolve };
    });
  }

  /** Resolves when the endpoint is gone. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => this.#write(writer)));
  }

  async #write(writer: number): Promise<void> {
    const { random, ledger, nextNumber, clock } = this.options;
    const planner = new WritePlanner(writer, random, ledger, nextNumber);
    while (await this.#send(writer, planner.next(clock.nowMs()))) {
      this.#answered += 1;
      if (this.#answered >= (this.#waiting?.count ?? Number.POSITIVE_INFINITY)) this.#waiting?.resolve();
    }
  }

  /** False when the endpoint is gone. */
  async #send(writer: number, write: PlannedWrite): Promise<boolean> {
    const { ledger, clock, plant } = this.options;
    const operation = ledger.begin(writer, write.isAtomic, write.effects, clock.nowMs());
    if (write.operation === 'TransactWriteItems' && write.refusal === undefined) {
      this.tokens.set(writer, { input: write.input, operation });
    }
    if (plant === 'early') ledger.acknowledge(operation, clock.nowMs());
    try {
      const answers = await this.#answers(write, plant);
      ledger.acknowledge(operation, clock.nowMs());
      if (write.refusal !== undefined)
        this.violations.push(`${write.operation} succeeds: ${JSON.stringify(write.input)}`);
      const unprocessed = answers.some(({ UnprocessedItems = {} }) => Object.keys(UnprocessedItems as Json).length > 0);
      if (unprocessed) this.violations.push('BatchWriteItem leaves items unprocessed');
    } catch (error) {
      if (error instanceof Gone) return false;
      if (!(error instanceof Refusal)) throw error;
      ledger.acknowledge(operation, clock.nowMs());
      if (error.code !== write.refusal) this.violations.push(`${write.operation}: ${error.message}`);
    }
    return true;
  }

  async #answers({ operation, input, parts }: PlannedWrite, plant: Plant): Promise<Json[]> {
    const { client } = this.options;
    if (plant !== 'split' || parts === undefined) return [await client.dynamodb(operation, input)];
    const answers: Json[] = [];
    for (const part of parts) answers.push(await client.dynamodb(part.operation, part.input));
    return answers;
  }
}
