import type { AttributeMap } from '../value/index.js';
import { parseUpdate } from './parse.js';
import { type Path, topLevelAttribute } from './path.js';
import { PathTree } from './path-tree.js';
import type { Substitutions } from './substitutions.js';
import { applyChanges, type Change } from './update-apply.js';
import { type BoundAction, bindAction } from './update-binder.js';

export interface UpdateResult {
  /** A new item where anything changed; unchanged values are shared with the item given. */
  readonly item: AttributeMap;
  readonly updatedPaths: readonly Path[];
}

/** An update expression bound to the substitutions of one request. */
export interface Update {
  /**
   * Applies the update to an item (for a new item: its key attributes). The item given is not changed. All operands are
   * those of the item as it was. Throws ValidationException when the update cannot be applied to this item.
   */
  apply(item: AttributeMap): UpdateResult;
  /** The top-level attributes that the expression writes. */
  topLevelAttributes(): ReadonlySet<string>;
}

/** `text` is the raw member of the request. Throws ValidationException with AWS's words. */
export function compileUpdate(text: unknown, substitutions: Substitutions): Update {
  const { actions } = parseUpdate(text);
  return new BoundUpdate(actions.map((action) => bindAction(action, substitutions)));
}

class BoundUpdate implements Update {
  private readonly tree: PathTree<BoundAction>;
  private readonly paths: readonly Path[];

  constructor(private readonly actions: readonly BoundAction[]) {
    this.tree = PathTree.of(
      'UpdateExpression',
      actions.map((action) => ({ path: action.path, leaf: action })),
    );
    this.paths = actions.map((action) => action.path);
  }

  apply(item: AttributeMap): UpdateResult {
    const changes = new Map<BoundAction, Change>();
    for (const action of this.actions) changes.set(action, action.changeOf(item));
    return { item: applyChanges(item, this.tree, changes), updatedPaths: this.paths };
  }

  topLevelAttributes(): ReadonlySet<string> {
    return new Set(this.paths.map(topLevelAttribute));
  }
}
