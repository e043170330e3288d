/** What a running populate tells whoever started it; at most some ten a second. */
export type PopulateEvent =
  | {
      /** The first pass: nothing is written yet. */
      readonly kind: 'checking';
      readonly records: number;
      /** Bytes of the file on disk. */
      readonly readBytes: number;
      readonly totalBytes: number;
    }
  | { readonly kind: 'checked'; readonly records: number; readonly broken: number }
  | { readonly kind: 'broken-record'; readonly index: number; readonly line: number; readonly problem: string }
  | {
      readonly kind: 'writing';
      readonly items: number;
      readonly totalItems: number;
      readonly itemsPerSecond: number;
      /** Undefined until the rate is known. */
      readonly secondsLeft: number | undefined;
    }
  | { readonly kind: 'backing-off'; readonly reason: string; readonly delayMs: number };

export interface PopulateResult {
  readonly table: string;
  readonly file: string;
  /** Records in the file. */
  readonly records: number;
  /** Records left out because they are broken (`skipInvalid` only). */
  readonly skipped: number;
  /** Items that the table acknowledged. */
  readonly itemsWritten: number;
  /** Records whose key an earlier one among those then in flight had too; the later one won. */
  readonly repeatedKeys: number;
  /** Sizes of the items by DynamoDB's arithmetic. */
  readonly itemBytes: number;
  readonly batches: number;
  /** Requests that were made again, for whatever reason. */
  readonly retries: number;
  /** Answers that left some of their items unprocessed. */
  readonly unprocessedRounds: number;
  readonly consumedWriteUnits: number;
  readonly seconds: number;
  readonly itemsPerSecond: number;
  /** Stopped by the signal before the end of the file. */
  readonly interrupted: boolean;
}
