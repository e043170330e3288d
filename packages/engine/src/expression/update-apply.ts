import { validationError } from '../errors.js';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import { memberOf } from './path.js';
import type { PathTree } from './path-tree.js';
import type { BoundAction } from './update-binder.js';

/** What becomes of the value at a path: its new value, or undefined when it is removed. */
export type Change = AttributeValue | undefined;

type Changes = ReadonlyMap<BoundAction, Change>;
type Tree = PathTree<BoundAction>;

/** Applies the changes at the paths of `tree` to a copy of the item, copying only the maps and lists on the way. */
export function applyChanges(item: AttributeMap, tree: Tree, changes: Changes): AttributeMap {
  return changeMap(item, tree, changes);
}

function changeMap(map: AttributeMap, tree: Tree, changes: Changes): AttributeMap {
  const copy: Record<string, AttributeValue> = { ...map };
  for (const [name, child] of tree.members) {
    const changed = changeValue(memberOf(map, name), child, changes);
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

function changeValue(value: AttributeValue | undefined, tree: Tree, changes: Changes): Change {
  if (tree.leaf !== undefined) return changes.get(tree.leaf);
  if (value !== undefined && 'M' in value && tree.elements.size === 0) {
    return { M: changeMap(value.M, tree, changes) };
  }
  if (value !== undefined && 'L' in value && tree.members.size === 0) {
    return { L: changeList(value.L, tree, changes) };
  }
  throw validationError('The document path provided in the update expression is invalid for update');
}

/**
 * Indexes are those of the list as it was: elements are replaced, then the removed ones dropped; elements set beyond
 * the end follow, in the order of their indexes.
 */
function changeList(list: readonly AttributeValue[], tree: Tree, changes: Changes): readonly AttributeValue[] {
  const elements: (AttributeValue | undefined)[] = [...list];
  for (const index of [...tree.elements.keys()].sort((a, b) => a - b)) {
    const child = tree.elements.get(index);
    if (child === undefined) continue;
    const changed = changeValue(list[index], child, changes);
    if (index < list.length) elements[index] = changed;
    else elements.push(changed);
  }
  return elements.filter((element) => element !== undefined);
}
