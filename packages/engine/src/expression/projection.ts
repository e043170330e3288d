import type { AttributeMap, AttributeValue } from '../value/index.js';
import { bindPath } from './operand.js';
import { parseProjection } from './parse.js';
import { memberOf, nestedAttributesOf, type Path } from './path.js';
import { PathTree } from './path-tree.js';
import type { Substitutions } from './substitutions.js';

/** A projection expression bound to the substitutions of one request. */
export interface Projection {
  /** The part of the item that the paths name; list elements keep their order and close up. */
  project(item: AttributeMap): AttributeMap;
  topLevelAttributes(): ReadonlySet<string>;
  /** Those of them that it reaches into. */
  nestedAttributes(): readonly string[];
}

/** `text` is the raw member of the request. Throws ValidationException with AWS's words. */
export function compileProjection(text: unknown, substitutions: Substitutions): Projection {
  const { paths } = parseProjection(text, substitutions.isTranslated('ProjectionExpression'));
  return new PathProjection(paths.map((path) => bindPath('ProjectionExpression', path, substitutions)));
}

/** A projection onto top-level attributes, as AttributesToGet and index projections need. */
export function projectionOf(attributes: readonly string[]): Projection {
  return new PathProjection(attributes.map((attribute) => [attribute]));
}

/** The part of the item that the paths name, in its maps and lists. */
export function projectPaths(item: AttributeMap, paths: readonly Path[]): AttributeMap {
  return projectMap(item, treeOf(paths)) ?? {};
}

/**
 * The updated paths of an item, before or after, for ReturnValues UPDATED_OLD and UPDATED_NEW: nested attributes alone,
 * within the maps and lists that hold them. Undefined when none of them exists.
 */
export function projectUpdatedPaths(item: AttributeMap | undefined, paths: readonly Path[]): AttributeMap | undefined {
  if (item === undefined) return undefined;
  return projectMap(item, treeOf(paths));
}

class PathProjection implements Projection {
  private readonly tree: PathTree<true>;

  constructor(private readonly paths: readonly Path[]) {
    this.tree = treeOf(paths);
  }

  project(item: AttributeMap): AttributeMap {
    return projectMap(item, this.tree) ?? {};
  }

  topLevelAttributes(): ReadonlySet<string> {
    return new Set(this.tree.members.keys());
  }

  nestedAttributes(): readonly string[] {
    return nestedAttributesOf(this.paths);
  }
}

function treeOf(paths: readonly Path[]): PathTree<true> {
  return PathTree.of(
    'ProjectionExpression',
    paths.map((path) => ({ path, leaf: true })),
  );
}

function projectValue(value: AttributeValue, tree: PathTree<true>): AttributeValue | undefined {
  if (tree.leaf !== undefined) return value;
  if ('M' in value) {
    const map = projectMap(value.M, tree);
    return map === undefined ? undefined : { M: map };
  }
  return 'L' in value ? projectList(value.L, tree) : undefined;
}

function projectMap(map: AttributeMap, tree: PathTree<true>): AttributeMap | undefined {
  const members: [string, AttributeValue][] = [];
  for (const [name, child] of tree.members) {
    const member = memberOf(map, name);
    const projected = member === undefined ? undefined : projectValue(member, child);
    if (projected !== undefined) members.push([name, projected]);
  }
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function projectList(list: readonly AttributeValue[], tree: PathTree<true>): AttributeValue | undefined {
  const projected: AttributeValue[] = [];
  for (const index of [...tree.elements.keys()].sort((a, b) => a - b)) {
    const element = list[index];
    const child = tree.elements.get(index);
    const part = element === undefined || child === undefined ? undefined : projectValue(element, child);
    if (part !== undefined) projected.push(part);
  }
  return projected.length === 0 ? undefined : { L: projected };
}
