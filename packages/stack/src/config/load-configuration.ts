// Values of variables from all their sources, in Terraform's order of precedence
// (https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence).
import { UserError } from '@tablewright/base';
import type { JsonValue } from '../json-value.js';
import { ConversionError, convertValue } from '../schema/convert-value.js';
import { checkCrossRules } from '../schema/cross-rules.js';
import { nearestName } from '../schema/nearest-name.js';
import { findVariable, type Variables, variables } from '../schema/variables.js';
import type { Configuration, LoadConfigurationOptions, ValueOrigin } from './configuration.js';
import { type Assignment, readSources } from './read-sources.js';

/** Reads, converts and checks all variables. One UserError lists every mistake that was found. */
export async function loadConfiguration(options: LoadConfigurationOptions): Promise<Configuration> {
  const assignments = await readSources(options);
  const problems: string[] = [];
  const chosen = new Map<string, Assignment>();
  for (const assignment of assignments) {
    if (findVariable(assignment.name) === undefined) problems.push(unknownVariable(assignment));
    else chosen.set(assignment.name, assignment);
  }
  const values: { [name: string]: JsonValue } = {};
  const origins: { [name: string]: ValueOrigin } = {};
  for (const name of Object.keys(variables)) {
    const assignment = chosen.get(name);
    const result = resolveValue(name, assignment);
    if ('problem' in result) problems.push(result.problem);
    else values[name] = result.value;
    origins[name] = assignment === undefined || result.isDefault ? { source: 'default' } : assignment.origin;
  }
  failOn(problems);
  const checked = values as Variables;
  failOn([...checkCrossRules(checked, options.region)]);
  return { values: checked, origins };
}

type Result = ({ readonly value: JsonValue } | { readonly problem: string }) & { readonly isDefault: boolean };

function resolveValue(name: string, assignment: Assignment | undefined): Result {
  const declaration = findVariable(name);
  if (declaration === undefined) return { problem: `unknown variable "${name}"`, isDefault: false };
  if (assignment === undefined || assignment.node.kind === 'null') {
    if (declaration.default !== undefined) return { value: declaration.default, isDefault: true };
    const how = assignment === undefined ? 'has no value' : `is null (${place(assignment.origin)})`;
    return { problem: `${name} ${how}; it is required: ${declaration.description}`, isDefault: false };
  }
  try {
    const value = convertValue(assignment.node, declaration.type, name);
    // The declaration ties `check` to its own type; the conversion above made the value of that type.
    const check = declaration.check as ((value: JsonValue, name: string) => string | null) | undefined;
    const problem = check?.(value, name) ?? null;
    if (problem === null) return { value, isDefault: false };
    return { problem: withPlace(problem, assignment), isDefault: false };
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    return { problem: withPlace(`${error.path} ${error.problem}.`, assignment, error.at), isDefault: false };
  }
}

function unknownVariable(assignment: Assignment): string {
  const guess = nearestName(assignment.name, Object.keys(variables));
  const hint = guess === null ? '' : `; did you mean "${guess}"?`;
  return withPlace(`unknown variable "${assignment.name}"${hint}`, assignment, assignment.at);
}

function withPlace(problem: string, assignment: Assignment, at = assignment.node.at): string {
  const { source } = assignment;
  if (assignment.origin.line === undefined) return `${problem} (${place(assignment.origin)})`;
  return `${problem} (${place({ ...assignment.origin, line: at.line })})\n\n${source.excerpt(at)}\n`;
}

function place(origin: ValueOrigin): string {
  return origin.line === undefined ? origin.source : `${origin.source} line ${origin.line}`;
}

function failOn(problems: readonly string[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const message =
    problems.length === 1 ? first.trimEnd() : `${problems.length} mistakes in the configuration:\n\n${list(problems)}`;
  throw new UserError(message, 'Correct the configuration and run the command again; nothing was changed.');
}

function list(problems: readonly string[]): string {
  return problems.map((problem) => `- ${problem.trimEnd()}`).join('\n');
}
