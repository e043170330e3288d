import { type ExpressionKind, expressionError } from './expression-error.js';
import { type Path, pathsEqual, printPath } from './path.js';

const NO_CHILDREN: ReadonlyMap<never, never> = new Map<never, never>();

/**
 * The paths of one expression as a tree, in which each node has either what belongs to the path that ends there, or
 * children. Children are all map members or all list elements.
 */
export class PathTree<T> {
  // Most nodes are leaves, so maps are made only when they are needed.
  private memberMap: Map<string, PathTree<T>> | undefined;
  private elementMap: Map<number, PathTree<T>> | undefined;
  private leafValue: T | undefined;

  /** `firstPath` is the path that made the node. */
  private constructor(private readonly firstPath: Path) {}

  /** What belongs to the path that ends here; undefined when none does. */
  get leaf(): T | undefined {
    return this.leafValue;
  }

  get members(): ReadonlyMap<string, PathTree<T>> {
    return this.memberMap ?? NO_CHILDREN;
  }

  get elements(): ReadonlyMap<number, PathTree<T>> {
    return this.elementMap ?? NO_CHILDREN;
  }

  static of<T>(kind: ExpressionKind, entries: readonly { readonly path: Path; readonly leaf: T }[]): PathTree<T> {
    const root = new PathTree<T>([]);
    try {
      for (const { path, leaf } of entries) root.add(kind, path, leaf);
    } catch (error) {
      // Overlaps are told before conflicts, wherever they are.
      assertNoOverlap(
        kind,
        entries.map(({ path }) => path),
      );
      throw error;
    }
    return root;
  }

  /** Throws ValidationException when a path is another or lies within it, or takes for a list what is a map for it. */
  private add(kind: ExpressionKind, path: Path, leaf: T): void {
    let node: PathTree<T> = this;
    for (const element of path) {
      if (node.leafValue !== undefined) throw pathsError(kind, 'overlap', node.firstPath, path);
      node = typeof element === 'number' ? node.element(kind, element, path) : node.member(kind, element, path);
    }
    if (node.firstPath !== path) throw pathsError(kind, 'overlap', node.firstPath, path);
    node.leafValue = leaf;
  }

  private member(kind: ExpressionKind, name: string, path: Path): PathTree<T> {
    const known = this.memberMap?.get(name);
    if (known !== undefined) return known;
    for (const element of this.elements.values()) throw pathsError(kind, 'conflict', element.firstPath, path);
    const child = new PathTree<T>(path);
    this.memberMap ??= new Map();
    this.memberMap.set(name, child);
    return child;
  }

  private element(kind: ExpressionKind, index: number, path: Path): PathTree<T> {
    const known = this.elementMap?.get(index);
    if (known !== undefined) return known;
    for (const member of this.members.values()) throw pathsError(kind, 'conflict', member.firstPath, path);
    const child = new PathTree<T>(path);
    this.elementMap ??= new Map();
    this.elementMap.set(index, child);
    return child;
  }
}

function assertNoOverlap(kind: ExpressionKind, paths: readonly Path[]): void {
  for (const [at, two] of paths.entries()) {
    for (const one of paths.slice(0, at)) {
      const shorter = Math.min(one.length, two.length);
      if (pathsEqual(one.slice(0, shorter), two.slice(0, shorter))) throw pathsError(kind, 'overlap', one, two);
    }
  }
}

function pathsError(kind: ExpressionKind, relation: 'overlap' | 'conflict', one: Path, two: Path): Error {
  return expressionError(
    kind,
    `Two document paths ${relation} with each other; must remove or rewrite one of these paths`,
    [`path one: ${printPath(one)}`, `path two: ${printPath(two)}`],
  );
}
