import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { ServiceError } from '../../wire/index.js';

const MAX_ENTRIES = 10;

/** The entries of a batch, which can be told apart. Throws in AWS's words. */
export function batchOf<Entry extends { readonly Id: string | undefined }>(
  given: readonly Entry[] | undefined,
  kind: string,
): readonly Entry[] {
  const entries = given ?? [];
  if (entries.length === 0) {
    throw new ServiceError('EmptyBatchRequest', `There should be at least one ${kind} in the request.`);
  }
  if (entries.length > MAX_ENTRIES) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const { Id: id = '' } of entries) {
    if (!/^[\w-]{1,80}$/.test(id)) {
      throw new ServiceError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 ' +
          'letters long.',
      );
    }
    if (seen.has(id)) throw new ServiceError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

/** Does something with each entry; what one refuses is told of that entry alone. */
export function eachEntry<Entry extends { readonly Id: string | undefined }, Result>(
  entries: readonly Entry[],
  run: (entry: Entry) => Result,
): { done: { id: string; result: Result }[]; failed: BatchResultErrorEntry[] } {
  const done: { id: string; result: Result }[] = [];
  const failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    const id = entry.Id ?? '';
    try {
      done.push({ id, result: run(entry) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      failed.push({ Id: id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { done, failed };
}
