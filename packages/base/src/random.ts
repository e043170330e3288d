import { randomBytes, randomUUID } from 'node:crypto';

/** The one source of chance: ids, jitter, sampling. Tests give a seeded one (`@tablewright/testkit`). */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A version 4 UUID, lower case with dashes. */
  uuid(): string;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}

/** The machine's own randomness. */
export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => randomUUID(),
  bytes: (length) => randomBytes(length),
};
