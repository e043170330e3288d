/** Equal for equal items: members in order, sets in order. Numbers must be in canonical form. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(ordered(value));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, isSet(name, member) ? [...member].sort() : ordered(member)]),
  );
}

function isSet(name: string, member: unknown): member is string[] {
  return (name === 'SS' || name === 'NS' || name === 'BS') && Array.isArray(member);
}
