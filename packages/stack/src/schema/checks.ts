// Rules about the value of one variable. Each gives a message that names the variable, its value and what is allowed.

type Check<T> = (value: T, name: string) => string | null;

/** One of `allowed`. */
export function oneOf(...allowed: readonly string[]): Check<string> {
  const choices = `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`;
  return (value, name) => (allowed.includes(value) ? null : `${name} is "${value}"; it must be ${choices}.`);
}

/** A whole number in [low, high]. */
export function integer(low: number, high = Number.POSITIVE_INFINITY): Check<number> {
  const range = high === Number.POSITIVE_INFINITY ? `of at least ${low}` : `from ${low} to ${high}`;
  return (value, name) =>
    Number.isInteger(value) && value >= low && value <= high
      ? null
      : `${name} is ${value}; it must be a whole number ${range}.`;
}

export function numberBetween(low: number, high: number): Check<number> {
  return (value, name) =>
    value >= low && value <= high ? null : `${name} is ${value}; it must be a number from ${low} to ${high}.`;
}

/** 1 to 255 bytes: the names of attributes that are keys (AWS, "Constraints", naming rules). */
export const attributeName: Check<string> = (value, name) => {
  const sizeBytes = Buffer.byteLength(value);
  return sizeBytes >= 1 && sizeBytes <= 255 ? null : `${name} is "${value}"; it must have 1 to 255 characters.`;
};

/** Tables and indexes: 3 to 255 of a-z, A-Z, 0-9, "_", "." and "-" (AWS, "Constraints", naming rules). */
export const resourceName: Check<string> = (value, name) =>
  /^[a-zA-Z0-9_.-]{3,255}$/.test(value)
    ? null
    : `${name} is "${value}"; it must have 3 to 255 characters out of a-z, A-Z, 0-9, _, . and -.`;

/** An ARN of `service`. */
export function arnOf(service: string, example: string): Check<string> {
  const pattern = new RegExp(`^arn:aws[a-z-]*:${service}:`);
  return (value, name) => (pattern.test(value) ? null : `${name} is "${value}"; it must be an ARN such as ${example}.`);
}

export function matching(pattern: RegExp, what: string): Check<string> {
  return (value, name) => (pattern.test(value) ? null : `${name} is "${value}"; it must be ${what}.`);
}

/** A policy document in JSON. */
export const policyDocument: Check<string> = (value, name) => {
  const message = `${name} is ${JSON.stringify(value.slice(0, 60))}; it must be a policy document in JSON with a Statement.`;
  try {
    const document: unknown = JSON.parse(value);
    return typeof document === 'object' && document !== null && 'Statement' in document ? null : message;
  } catch {
    return message;
  }
};

/** The messages of several rules, the first that fails. */
export function first(...messages: readonly (string | null)[]): string | null {
  return messages.find((message) => message !== null) ?? null;
}

/** The first name that appears twice in `names`; null when all differ. */
export function firstDuplicate(names: readonly string[]): string | null {
  return names.find((name, index) => names.indexOf(name) !== index) ?? null;
}
