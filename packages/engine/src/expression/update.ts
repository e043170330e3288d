import type { AttributeMap, AttributeType } from '../value/index.js';
import type { ExpressionKind } from './expression-error.js';
import { bindPath } from './operand.js';
import { parseUpdate } from './parse.js';
import { nestedAttributesOf, type Path, topLevelAttribute } from './path.js';
import { PathTree } from './path-tree.js';
import type { Substitutions } from './substitutions.js';
import type { BoundAction } from './update-actions.js';
import { changeMap, REMOVED } from './update-apply.js';
import { bindAction } from './update-binder.js';

const KIND = 'UpdateExpression';

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
  /** The top-level attributes that it writes or reads; undefined where they are not all known. */
  attributes(): ReadonlySet<string> | undefined;
  /** The top-level attributes that it reaches into, to write or to read. */
  nestedAttributes(): readonly string[];
  /** Those that it writes as a whole, with the types that it gives them, where these do not depend on the item. */
  assignedTypes(): ReadonlyMap<string, AttributeType>;
  /** Whether it has no action but REMOVE and DELETE. */
  readonly onlyTakesAway: boolean;
}

/** What is not seen in an update's actions. */
export interface UpdateTraits {
  /** Whether it has no action but REMOVE and DELETE. */
  readonly onlyTakesAway?: boolean;
  /** Whether the operand paths are all that it reads besides the paths that it writes. */
  readonly namesAllOperands?: boolean;
}

/** `text` is the raw member of the request. Throws ValidationException with AWS's words. */
export function compileUpdate(text: unknown, substitutions: Substitutions): Update {
  const { actions } = parseUpdate(text, substitutions.isTranslated(KIND));
  const paths = actions.map((action) => bindPath(KIND, action.path, substitutions));
  const operandPaths: Path[] = [];
  const bind = (path: Path, index: number): BoundAction | undefined => {
    const action = actions[index];
    return action && bindAction(action, path, substitutions, operandPaths);
  };
  const onlyTakesAway = actions.every(({ kind }) => kind === 'remove' || kind === 'delete');
  return updateOf(KIND, paths, bind, operandPaths, { onlyTakesAway, namesAllOperands: true });
}

/**
 * An update of actions that are bound, one for each path. Throws ValidationException when paths are the same or lie
 * within each other (before any action is bound), or when an action's operands are wrong whatever the item.
 */
export function updateOf(
  kind: ExpressionKind,
  paths: readonly Path[],
  bind: (path: Path, index: number) => BoundAction | undefined,
  operandPaths: readonly Path[] = [],
  traits: UpdateTraits = {},
): Update {
  const tree = PathTree.of(
    kind,
    paths.map((path, index) => ({ path, leaf: index })),
  );
  const bound = paths.map(bind);
  // AWS looks at the last action first.
  for (let index = bound.length - 1; index >= 0; index--) bound[index]?.check();
  return new BoundUpdate(bound, paths, tree, operandPaths, traits);
}

class BoundUpdate implements Update {
  constructor(
    private readonly actions: readonly (BoundAction | undefined)[],
    private readonly paths: readonly Path[],
    /** The paths, each with the number of its action. */
    private readonly tree: PathTree<number>,
    /** The paths that are only read, as far as they are known. */
    private readonly operandPaths: readonly Path[],
    private readonly traits: UpdateTraits,
  ) {}

  get onlyTakesAway(): boolean {
    return this.traits.onlyTakesAway === true;
  }

  apply(item: AttributeMap): UpdateResult {
    const changed = changeMap(item, this.tree, (index) => this.actions[index]?.changeOf(item) ?? REMOVED);
    return { item: changed, updatedPaths: this.paths };
  }

  topLevelAttributes(): ReadonlySet<string> {
    return new Set(this.paths.map(topLevelAttribute));
  }

  attributes(): ReadonlySet<string> | undefined {
    if (this.traits.namesAllOperands !== true) return undefined;
    const names = new Set<string>();
    for (const path of this.paths) names.add(topLevelAttribute(path));
    for (const path of this.operandPaths) names.add(topLevelAttribute(path));
    return names;
  }

  nestedAttributes(): readonly string[] {
    return [...nestedAttributesOf(this.paths), ...nestedAttributesOf(this.operandPaths)];
  }

  assignedTypes(): ReadonlyMap<string, AttributeType> {
    const types = new Map<string, AttributeType>();
    for (const [index, path] of this.paths.entries()) {
      const type = this.actions[index]?.type;
      if (path.length === 1 && type !== undefined) types.set(topLevelAttribute(path), type);
    }
    return types;
  }
}
