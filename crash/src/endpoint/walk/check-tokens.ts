import { canonicalText } from '../canonical-text.js';
import { type Json, Refusal } from '../client.js';
import { TABLE } from '../scenario.js';
import type { TokenUse } from '../writers.js';
import { brief, scanAll, textsByKey, type WalkContext } from './walk-context.js';

const VALID_MS = 10 * 60 * 1000;

/**
 * Sends the writers' last transactions again: those that happened change nothing, those that were lost happen now, and
 * another request with the token of one is refused.
 */
export async function checkTokens(context: WalkContext, uses: Iterable<TokenUse>): Promise<readonly string[]> {
  const { client, clock, ledger } = context;
  const found: string[] = [];
  const expected = textsByKey(await scanAll(client, TABLE));
  for (const { input, operation } of uses) {
    if (operation.begunMs + VALID_MS <= clock.nowMs()) continue;
    const { effects } = operation;
    const happened = [...effects.keys()].some((key) =>
      ledger.history(key).some((version) => version.operation === operation),
    );
    if (!happened) {
      for (const [key, item] of effects) {
        if (item === undefined) expected.delete(key);
        else expected.set(key, canonicalText(item));
      }
    }
    found.push(...(await refusalOf(context, input)).map((error) => `${input.ClientRequestToken} again: ${error}`));
    const other = { ...input, TransactItems: (input.TransactItems as Json[]).slice(1) };
    const [refusal = 'no error'] = await refusalOf(context, other);
    if (!refusal.startsWith('IdempotentParameterMismatchException')) {
      found.push(`${input.ClientRequestToken} for another request: ${refusal}`);
    }
  }
  const after = textsByKey(await scanAll(client, TABLE));
  for (const key of new Set([...expected.keys(), ...after.keys()])) {
    if (expected.get(key) === after.get(key)) continue;
    found.push(`transactions sent again: ${key} is ${brief(after.get(key))} instead of ${brief(expected.get(key))}`);
  }
  return found;
}

async function refusalOf({ client }: WalkContext, input: Json): Promise<string[]> {
  try {
    await client.dynamodb('TransactWriteItems', input);
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [error.message];
    throw error;
  }
}
