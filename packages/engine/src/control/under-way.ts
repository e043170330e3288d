import type { Before, TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from './control-context.js';
import { stillInUse } from './table-errors.js';

// Changes that go on without the table's status showing it: of encryption, warm throughput and table class. Until they
// are through, descriptions show what was before.

/** Whether a change of a setting still goes on, so that what was before shows. */
export function isUnderWay<Value>(before: Before<Value> | undefined, nowMs: number): before is Before<Value> {
  return before !== undefined && nowMs < before.untilMs;
}

/** What a setting was, for as long as its change takes. */
export function before<Name extends string, Value>(
  { clock, transitionDelayMs }: ControlContext,
  name: Name,
  value: Value | undefined,
): { [member in Name]?: Before<Value> } {
  if (transitionDelayMs === 0) return {};
  const untilMs = clock.nowMs() + transitionDelayMs;
  return { [name]: { untilMs, ...(value !== undefined && { value }) } } as { [member in Name]?: Before<Value> };
}

/** A further change of the warm throughput shows what was before the first, until it is through, too. */
export function warmBefore(
  context: ControlContext,
  { warm, warmBefore: former }: Pick<TableRecord, 'warm' | 'warmBefore'>,
): Pick<TableRecord, 'warmBefore'> {
  return before(context, 'warmBefore', isUnderWay(former, context.clock.nowMs()) ? former.value : warm);
}

/** While a change of the encryption goes on, there can be no other. */
export function assertEncryptionSettled({ encryptionBefore }: TableRecord, nowMs: number): void {
  if (isUnderWay(encryptionBefore, nowMs)) throw stillInUse('Server-Side Encryption is still being updated');
}
