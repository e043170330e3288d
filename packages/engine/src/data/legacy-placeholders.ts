import { type AttributeValue, checkName } from '../value/index.js';

/** Collects the names and values of an expression written in place of a legacy parameter. */
export class LegacyPlaceholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};
  #count = 0;

  name(attribute: string): string {
    checkName(attribute);
    const placeholder = `#legacy_${this.#count++}`;
    this.names[placeholder] = attribute;
    return placeholder;
  }

  value(value: AttributeValue): string {
    const placeholder = `:legacy_${this.#count++}`;
    this.values[placeholder] = value;
    return placeholder;
  }
}
