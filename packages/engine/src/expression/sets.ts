import { type AttributeValue, inOrder } from '../value/index.js';

// Equal members of checked sets have equal text, whatever the type of the set.

export function isSet(value: AttributeValue): boolean {
  return 'SS' in value || 'NS' in value || 'BS' in value;
}

/** The union; undefined when the two are not sets of one type. */
export function addToSet(a: AttributeValue, b: AttributeValue): AttributeValue | undefined {
  if ('SS' in a && 'SS' in b) return { SS: inOrder('SS', union(a.SS, b.SS)) };
  if ('NS' in a && 'NS' in b) return { NS: inOrder('NS', union(a.NS, b.NS)) };
  if ('BS' in a && 'BS' in b) return { BS: inOrder('BS', union(a.BS, b.BS)) };
  return undefined;
}

/** The members of `a` that are not in `b`; undefined when none is left or the two are not sets of one type. */
export function subtractFromSet(a: AttributeValue, b: AttributeValue): AttributeValue | undefined {
  if ('SS' in a && 'SS' in b) return nonEmpty(difference(a.SS, b.SS), (SS) => ({ SS }));
  if ('NS' in a && 'NS' in b) return nonEmpty(difference(a.NS, b.NS), (NS) => ({ NS }));
  if ('BS' in a && 'BS' in b) return nonEmpty(difference(a.BS, b.BS), (BS) => ({ BS }));
  return undefined;
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}

function difference(a: readonly string[], b: readonly string[]): readonly string[] {
  const removed = new Set(b);
  return a.filter((member) => !removed.has(member));
}

function nonEmpty(
  members: readonly string[],
  wrap: (members: readonly string[]) => AttributeValue,
): AttributeValue | undefined {
  return members.length === 0 ? undefined : wrap(members);
}
