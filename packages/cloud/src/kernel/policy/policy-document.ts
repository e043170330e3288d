import { ArnPattern } from './arn-pattern.js';
import { type Condition, compileCondition } from './conditions.js';
import { Pattern } from './pattern.js';

/** A policy, ready to be evaluated. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface PolicyDocument {
  readonly text: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** Undefined in identity policies, which hold for whom they are attached to. */
  readonly principals: { readonly negated: boolean; readonly element: PrincipalElement } | undefined;
  readonly actions: { readonly negated: boolean; readonly patterns: readonly Pattern[] };
  /** Undefined in trust policies. */
  readonly resources: { readonly negated: boolean; readonly patterns: readonly ArnPattern[] } | undefined;
  readonly conditions: readonly Condition[];
}

/** Names by kind (`AWS`, `Service`, `Federated`, `CanonicalUser`); `'*'` is everybody. */
export type PrincipalElement = '*' | Readonly<Record<string, readonly string[]>>;

const CACHE_LIMIT = 2000;
const compiled = new Map<string, PolicyDocument>();

/**
 * Compiles a document that has been validated. What could not be understood of one that has not (a statement without
 * an effect, an unknown operator) allows nothing. Results are kept, so that evaluating a policy again costs no parsing.
 */
export function parsePolicy(text: string): PolicyDocument {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const document = { text, statements: statementsOf(text) };
  if (compiled.size >= CACHE_LIMIT) compiled.clear();
  compiled.set(text, document);
  return document;
}

function statementsOf(text: string): Statement[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isObject(json)) return [];
  const variables = json.Version === '2012-10-17';
  const list = Array.isArray(json.Statement) ? json.Statement : [json.Statement];
  return list.filter(isObject).flatMap((statement) => compileStatement(statement, variables));
}

function compileStatement(statement: Record<string, unknown>, variables: boolean): Statement[] {
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') return [];
  const actionTexts = strings(statement.Action ?? statement.NotAction);
  const resourceTexts = statement.Resource ?? statement.NotResource;
  const conditions = compileConditions(statement.Condition, variables);
  // An operator that is not known never holds; for a Deny that would be too little, so it always does.
  if (conditions === undefined && effect === 'Allow') return [];
  return [
    {
      sid: typeof statement.Sid === 'string' ? statement.Sid : undefined,
      effect,
      principals: principalsOf(statement),
      actions: {
        negated: statement.Action === undefined,
        patterns: actionTexts.map((action) => new Pattern(action, { variables, wildcards: true, ignoresCase: true })),
      },
      resources:
        resourceTexts === undefined
          ? undefined
          : {
              negated: statement.Resource === undefined,
              patterns: strings(resourceTexts).map((resource) => new ArnPattern(resource, variables)),
            },
      conditions: conditions ?? [],
    },
  ];
}

function principalsOf(statement: Record<string, unknown>): Statement['principals'] {
  const given = statement.Principal ?? statement.NotPrincipal;
  if (given === undefined) return undefined;
  const negated = statement.Principal === undefined;
  if (given === '*') return { negated, element: '*' };
  if (!isObject(given)) return { negated, element: {} };
  const element = Object.fromEntries(Object.entries(given).map(([kind, names]) => [kind, strings(names)]));
  return { negated, element };
}

function compileConditions(block: unknown, variables: boolean): Condition[] | undefined {
  const conditions: Condition[] = [];
  if (!isObject(block)) return conditions;
  for (const [operator, keys] of Object.entries(block)) {
    if (!isObject(keys)) continue;
    for (const [key, values] of Object.entries(keys)) {
      const condition = compileCondition(operator, key, strings(values), variables);
      if (condition === undefined) return undefined;
      conditions.push(condition);
    }
  }
  return conditions;
}

function strings(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(strings);
  if (typeof value === 'string') return [value];
  return typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
