import type { AttributeMap, AttributeValue } from '../value/index.js';

/** A document path with placeholders resolved: attribute and map member names, and list indexes. Never empty. */
export type Path = readonly (string | number)[];

/** A path as AWS's messages show it, e.g. [a, [0], b]. */
export function printPath(path: Path): string {
  return `[${path.map((element) => (typeof element === 'number' ? `[${element}]` : element)).join(', ')}]`;
}

export function pathsEqual(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index]);
}

/** The top-level attribute that a path begins with. */
export function topLevelAttribute(path: Path): string {
  return String(path[0]);
}

/** The top-level attributes of the paths that reach into them. */
export function nestedAttributesOf(paths: readonly Path[]): readonly string[] {
  const nested = paths.filter((path) => path.length > 1);
  return nested.length === 0 ? NONE : nested.map(topLevelAttribute);
}

const NONE: readonly string[] = [];

/** A member of a map that is its own, not one that every object has. */
export function memberOf(map: AttributeMap, name: string): AttributeValue | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** The value at a path, or undefined. */
export function valueAt(item: AttributeMap, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = memberOf(item, topLevelAttribute(path));
  for (let index = 1; index < path.length && value !== undefined; index++) {
    value = elementOf(value, path[index]);
  }
  return value;
}

function elementOf(value: AttributeValue, element: string | number | undefined): AttributeValue | undefined {
  if (typeof element === 'number') return 'L' in value ? value.L[element] : undefined;
  return 'M' in value && element !== undefined ? memberOf(value.M, element) : undefined;
}
