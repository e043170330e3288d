import { validationError } from '../errors.js';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import { memberOf } from './path.js';
import type { PathTree } from './path-tree.js';

/** What becomes of the value at a path: its new value, or undefined when it is removed. */
export interface Change {
  readonly value: AttributeValue | undefined;
}

export const REMOVED: Change = { value: undefined };

/** Calculates the change at a path from its leaf. */
type Calculate<T> = (leaf: T) => Change;

/**
 * A copy of a map (at first, of the item) with the changes at the paths of `tree`; only the maps and lists on the way
 * are copied. Each change is calculated once its path has proved valid. Throws ValidationException.
 */
export function changeMap<T>(map: AttributeMap, tree: PathTree<T>, calculate: Calculate<T>): AttributeMap {
  const copy: Record<string, AttributeValue> = { ...map };
  for (const [name, child] of tree.members) {
    const changed = changeValue(memberOf(map, name), child, calculate);
    if (changed === undefined) delete copy[name];
    else setMember(copy, name, changed);
  }
  return copy;
}

/** An attribute may be named __proto__, which plain assignment would not create. */
function setMember(map: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name !== '__proto__') map[name] = value;
  else Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
}

function changeValue<T>(
  value: AttributeValue | undefined,
  tree: PathTree<T>,
  calculate: Calculate<T>,
): AttributeValue | undefined {
  if (tree.leaf !== undefined) return calculate(tree.leaf).value;
  if (value !== undefined && 'M' in value && tree.elements.size === 0) {
    return { M: changeMap(value.M, tree, calculate) };
  }
  if (value !== undefined && 'L' in value && tree.members.size === 0) {
    return { L: changeList(value.L, tree, calculate) };
  }
  throw validationError('The document path provided in the update expression is invalid for update');
}

/**
 * Indexes are those of the list as it was: elements are replaced, then the removed ones dropped; elements set beyond
 * the end follow, in the order of their indexes.
 */
function changeList<T>(
  list: readonly AttributeValue[],
  tree: PathTree<T>,
  calculate: Calculate<T>,
): readonly AttributeValue[] {
  const elements: (AttributeValue | undefined)[] = [...list];
  for (const index of [...tree.elements.keys()].sort((a, b) => a - b)) {
    const child = tree.elements.get(index);
    if (child === undefined) continue;
    const changed = changeValue(list[index], child, calculate);
    if (index < list.length) elements[index] = changed;
    else elements.push(changed);
  }
  return elements.filter((element) => element !== undefined);
}
