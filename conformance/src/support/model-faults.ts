// Faults of the API model, in the words of its violations.

export const MUST_NOT_BE_NULL = 'Member must not be null';
export const NAME_PATTERN = 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
export const AT_LEAST_3 = 'Member must have length greater than or equal to 3';

export function violation(place: string, rule: string): string {
  return `Value ${place} failed to satisfy constraint: ${rule}`;
}

export function missing(member: string): string {
  return violation(`null at '${member}'`, MUST_NOT_BE_NULL);
}

/** One error with these violations, in any order. */
export function detected(...violations: readonly string[]): RegExp {
  const escaped = violations.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(
    `^ValidationException: ${violations.length} validation errors? detected: (?=.*${escaped.join(')(?=.*')})`,
  );
}
