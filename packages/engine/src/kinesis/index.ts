export { kinesisOperations } from './destination-operations.js';
export { activeDestination } from './destination-record.js';
export { KinesisOutbox, type KinesisStreams } from './kinesis-outbox.js';
