import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import { legacyDelete, legacyGet, legacyPut, legacyQuery, legacyScan, legacyUpdate } from './legacy.js';
import { batchGet, get, query, scan, walk } from './reads.js';
import { randomStatement, randomStatements } from './statements.js';
import type { TablePlan } from './tables.js';
import { transactGet, transactWrite } from './transactions.js';
import { batch, put, remove, takeAway, update } from './writes.js';

export interface Request {
  readonly operation: string;
  readonly input: Json;
  /** The part of the answer whose order is not determined: compared without order. */
  readonly isUnordered: boolean;
  /** The items that it may write. */
  readonly keys: readonly Json[];
  /** To be repeated until there is no last key, for every segment: all pages together are compared. */
  readonly isWalk?: true;
  /** An update with nothing but REMOVE and DELETE, see {@link takeAway}. */
  readonly onlyTakesAway?: true;
}

type Maker = (random: SeededRandom, table: TablePlan) => Request;

/** How often each kind of request comes. */
const MAKERS: readonly (readonly [share: number, maker: Maker])[] = [
  [4, put],
  [4, update],
  [1, takeAway],
  [1, remove],
  [1, get],
  [3, query],
  [1, scan],
  [2, walk],
  [1, batch],
  [1, batchGet],
  [4, randomStatement],
  [2, randomStatements],
  [2, transactWrite],
  [1, transactGet],
  [1, legacyPut],
  [2, legacyUpdate],
  [1, legacyDelete],
  [1, legacyGet],
  [2, legacyQuery],
  [1, legacyScan],
];

const ALL: readonly Maker[] = MAKERS.flatMap(([share, maker]) => Array.from({ length: share }, () => maker));

export function randomRequest(random: SeededRandom, table: TablePlan): Request {
  return random.pick(ALL)(random, table);
}
