import { type ExpressionKind, expressionError } from './expression-error.js';
import { type Path, printPath } from './path.js';

/**
 * The paths of one expression as a tree, in which each node has either what belongs to the path that ends there, or
 * children. Children are all map members or all list elements.
 */
export class PathTree<T> {
  readonly members = new Map<string, PathTree<T>>();
  readonly elements = new Map<number, PathTree<T>>();
  leaf: T | undefined;

  /** `firstPath` is the path that made the node. */
  private constructor(private readonly firstPath: Path) {}

  static of<T>(kind: ExpressionKind, entries: readonly { readonly path: Path; readonly leaf: T }[]): PathTree<T> {
    const root = new PathTree<T>([]);
    for (const { path, leaf } of entries) root.add(kind, path, leaf);
    return root;
  }

  /** Throws ValidationException when a path is another or lies within it, or takes for a list what is a map for it. */
  private add(kind: ExpressionKind, path: Path, leaf: T): void {
    let node: PathTree<T> = this;
    for (const element of path) {
      if (node.leaf !== undefined) throw pathsError(kind, 'overlap', node.firstPath, path);
      node = typeof element === 'number' ? node.element(kind, element, path) : node.member(kind, element, path);
    }
    if (node.firstPath !== path) throw pathsError(kind, 'overlap', node.firstPath, path);
    node.leaf = leaf;
  }

  private member(kind: ExpressionKind, name: string, path: Path): PathTree<T> {
    const known = this.members.get(name);
    if (known !== undefined) return known;
    for (const element of this.elements.values()) throw pathsError(kind, 'conflict', element.firstPath, path);
    const child = new PathTree<T>(path);
    this.members.set(name, child);
    return child;
  }

  private element(kind: ExpressionKind, index: number, path: Path): PathTree<T> {
    const known = this.elements.get(index);
    if (known !== undefined) return known;
    for (const member of this.members.values()) throw pathsError(kind, 'conflict', member.firstPath, path);
    const child = new PathTree<T>(path);
    this.elements.set(index, child);
    return child;
  }
}

function pathsError(kind: ExpressionKind, relation: 'overlap' | 'conflict', one: Path, two: Path): Error {
  return expressionError(
    kind,
    `Two document paths ${relation} with each other; must remove or rewrite one of these paths`,
    [`path one: ${printPath(one)}`, `path two: ${printPath(two)}`],
  );
}
