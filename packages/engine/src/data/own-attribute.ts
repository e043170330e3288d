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
    if (value === undefined) continue;
    if (name !== '__proto__') picked[name] = value;
    else Object.defineProperty(picked, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return picked;
}
