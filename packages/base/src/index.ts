export { AssertionError, assert, defined, unreachable } from './assert.js';
export { BufferPool, type Loan } from './buffer-pool.js';
export { type Clock, delay, monotonicMs, systemClock, type Timer } from './clock.js';
export { formatDuration, parseDuration } from './duration.js';
export {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isSpace,
  NEWLINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from './json-bytes.js';
export { type Random, systemRandom } from './random.js';
export { Slab } from './slab.js';
export { UserError } from './user-error.js';
