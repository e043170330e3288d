/** Reads members of a request's input whose type is not known here. A member that is missing or of another type is undefined. */
export function textOf(input: object, member: string): string | undefined {
  const value = memberOf(input, member);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function objectOf(input: object, member: string): Record<string, unknown> {
  const value = memberOf(input, member);
  return isObject(value) ? value : {};
}

export function listOf(input: object, member: string): readonly unknown[] {
  const value = memberOf(input, member);
  return Array.isArray(value) ? value : [];
}

export function objectsOf(input: object, member: string): readonly Record<string, unknown>[] {
  return listOf(input, member).filter(isObject);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberOf(input: object, member: string): unknown {
  return Object.hasOwn(input, member) ? (input as Record<string, unknown>)[member] : undefined;
}

/** `aws:RequestTag/…` and `aws:TagKeys` of a request that gives tags: a list of keys and values, or a map. */
export function tagContext(tags: unknown): Record<string, string | string[]> {
  const pairs = Array.isArray(tags)
    ? tags.filter(isObject).map((tag) => [tag.Key ?? tag.TagKey, tag.Value ?? tag.TagValue] as const)
    : isObject(tags)
      ? Object.entries(tags)
      : [];
  if (pairs.length === 0) return {};
  const context: Record<string, string | string[]> = { 'aws:TagKeys': pairs.map(([key]) => String(key)) };
  for (const [key, value] of pairs) context[`aws:RequestTag/${String(key)}`] = String(value ?? '');
  return context;
}
