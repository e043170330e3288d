/**
 * The values of the condition keys of one request. Names of keys are of any case, a tag's key within them too; a value
 * is text, whatever its type. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export class ConditionContext {
  readonly #values = new Map<string, readonly string[]>();

  constructor(values: Readonly<Record<string, string | readonly string[] | undefined>> = {}) {
    this.add(values);
  }

  /** Values replace those that the keys had; undefined ones are left out. */
  add(values: Readonly<Record<string, string | readonly string[] | undefined>>): this {
    for (const [key, value] of Object.entries(values)) {
      if (value !== undefined) this.#values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
    }
    return this;
  }

  /** The values of a key; undefined when the request has none. */
  get(key: string): readonly string[] | undefined {
    const values = this.#values.get(key.toLowerCase());
    return values === undefined || values.length === 0 ? undefined : values;
  }

  has(key: string): boolean {
    return this.#values.has(key.toLowerCase());
  }
}
