import type { AttributeMap, AttributeValue } from '../value/index.js';

/** The attribute called `name`; never what objects inherit, so that an attribute may be called `constructor`. */
export function ownAttribute(item: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The top-level attributes of `item` that are in `names`. */
export function pickAttributes(item: AttributeMap, names: Iterable<string>): AttributeMap {
  const picked: Record<string, AttributeValue> = {};
  for (const name of names) {
    const value = ownAttribute(item, name);
    if (value !== undefined) setAttribute(picked, name, value);
  }
  return picked;
}

/** An item may have an attribute named __proto__, which plain assignment would not create. */
export function setAttribute(item: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name !== '__proto__') item[name] = value;
  else Object.defineProperty(item, name, { value, enumerable: true, configurable: true, writable: true });
}
