export { LogStructuredStore, type StoreStats } from './log-structured-store.js';
export { MemoryStore } from './memory-store.js';
export { type OpenStoreOptions, openStore } from './open-store.js';
export {
  type Entry,
  type Key,
  type KeyRange,
  MAX_KEY_BYTES,
  type Reader,
  type Store,
  type ValueVisitor,
  type Writer,
} from './store.js';
