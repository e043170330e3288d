import type { Kernel, StreamChange } from '../../../kernel/kernel.js';
import type { StreamReader, StreamToRead } from './stream-reader.js';

/** What differs between the kinds of streams that mappings read. */
export interface StreamKind {
  readonly arnPattern: RegExp;
  /** What the function's role must be allowed to do, as AWS lists it. */
  readonly neededActions: string;
  /** Whether a mapping may begin at a time. */
  readonly startsAtTimestamp: boolean;
  /** Where a failure record says which records it is about. */
  readonly batchInfoMember: string;
  /**
   * The sequence number after which what comes from now on is, of the stream or, where those of different shards do not
   * compare, by shard; undefined when there is no such stream.
   */
  latest(kernel: Kernel, streamArn: string): string | Readonly<Record<string, string>> | undefined;
  /** Calls `listener` whenever there may be something new. Returns what ends it. */
  subscribe(kernel: Kernel, streamArn: string, listener: (change: StreamChange) => void): () => void;
  reader(stream: StreamToRead): StreamReader;
}
