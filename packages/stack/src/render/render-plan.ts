import { counts } from '../apply/apply-plan.js';
import type { OutputChange, Plan, ResourceChange } from '../plan/plan.js';
import { type Color, type Paint, painter } from './color.js';
import { scalarText, valueText } from './hcl-text.js';
import { changedBody } from './render-change.js';

export interface RenderOptions {
  /** ANSI colours; off by default. */
  readonly color?: boolean;
}

/** The plan as Terraform prints it, ending with its "Plan: …" or "No changes. …". No line break at the end. */
export function renderPlan(plan: Plan, options: RenderOptions = {}): string {
  const paint = painter(options.color === true);
  const changes = plan.resource_changes.filter((it) => it.change.actions[0] !== 'no-op');
  const outputs = Object.entries(plan.output_changes).filter(([, it]) => it.actions[0] !== 'no-op');
  if (changes.length === 0 && outputs.length === 0) return [...driftLines(plan), ...noChanges(plan, paint)].join('\n');
  const lines = [...driftLines(plan)];
  if (changes.length > 0)
    lines.push(...legend(changes), ...changes.flatMap((it) => changeLines(it, paint)), summary(plan, paint));
  if (outputs.length > 0) lines.push(...(changes.length > 0 ? [''] : []), ...outputLines(outputs, paint));
  if (changes.length === 0) {
    lines.push('', 'Only output values change: applying this plan saves them without touching any resource.');
  }
  return lines.join('\n');
}

function noChanges(plan: Plan, paint: Paint): readonly string[] {
  if (plan.mode === 'destroy') return [paint('bold', 'No changes. No objects need to be destroyed.')];
  return [paint('bold', 'No changes. Your infrastructure matches the configuration.')];
}

/** What was changed outside, one line each. */
function driftLines(plan: Plan): readonly string[] {
  if (plan.resource_drift.length === 0) return [];
  const lines = plan.resource_drift.map((it) => {
    const { before, after } = it.change;
    if (after === null) return `  # ${it.address} has been deleted`;
    const names = Object.keys(after).filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after[name]));
    return `  # ${it.address} has changed: ${names.join(', ')}`;
  });
  return ['Changed outside since the last apply:', ...lines, ''];
}

const MARKS: { readonly [kind: string]: { mark: string; words: string; color: Color; title: string } } = {
  create: { mark: '  +', words: 'create', color: 'green', title: 'will be created' },
  update: { mark: '  ~', words: 'update in-place', color: 'yellow', title: 'will be updated in-place' },
  delete: { mark: '  -', words: 'destroy', color: 'red', title: 'will be destroyed' },
  replace: { mark: '-/+', words: 'destroy and then create replacement', color: 'red', title: 'must be replaced' },
};

function kindOf(change: ResourceChange): string {
  return change.change.actions.length === 2 ? 'replace' : (change.change.actions[0] ?? 'no-op');
}

function legend(changes: readonly ResourceChange[]): readonly string[] {
  const kinds = Object.keys(MARKS).filter((kind) => changes.some((it) => kindOf(it) === kind));
  const lines = kinds.map((kind) => `${MARKS[kind]?.mark} ${MARKS[kind]?.words}`);
  return [
    'Resource actions are indicated with the following symbols:',
    ...lines,
    '',
    'The following actions will be performed:',
    '',
  ];
}

function changeLines(change: ResourceChange, paint: Paint): readonly string[] {
  const style = MARKS[kindOf(change)];
  if (style === undefined) return [];
  const { before, after, after_unknown, replace_paths } = change.change;
  const forced = (replace_paths ?? []).map(([name]) => String(name));
  const body = changedBody(before, after, after_unknown, 8, forced);
  return [
    paint('bold', `  # ${change.address} ${style.title}`),
    ...reasonLines(change),
    `${paint(style.color, style.mark)} resource "${change.type}" "${change.name}" {`,
    ...body.flatMap((line) => line.split('\n')).map((line) => paintMark(line, paint)),
    '    }',
    '',
  ];
}

function reasonLines(change: ResourceChange): readonly string[] {
  switch (change.action_reason) {
    case 'delete_because_each_key':
      return [`  # (because key [${JSON.stringify(change.index)}] is not in for_each map)`];
    case 'delete_because_no_resource_config':
      return [`  # (because ${change.type}.${change.name} is not in configuration)`];
    case 'replace_because_tainted':
      return ['  # (because its creation stopped half-way)'];
    case 'replace_by_triggers':
      return [`  # (because ${change.depends_on.join(', ')} is replaced)`];
    default:
      return [];
  }
}

function paintMark(line: string, paint: Paint): string {
  const parts = /^( *)([-+~])( .*)$/s.exec(line);
  if (parts === null) return line;
  const [, start = '', mark = '', rest = ''] = parts;
  const color = mark === '+' ? 'green' : mark === '-' ? 'red' : 'yellow';
  return `${start}${paint(color, mark)}${rest}`;
}

function summary(plan: Plan, paint: Paint): string {
  const { added, changed, destroyed } = counts(plan);
  return `${paint('bold', 'Plan:')} ${added} to add, ${changed} to change, ${destroyed} to destroy.`;
}

function outputLines(outputs: readonly (readonly [string, OutputChange])[], paint: Paint): readonly string[] {
  const width = Math.max(...outputs.map(([name]) => name.length));
  const lines = outputs.flatMap(([name, output]) => {
    const after = output.after_unknown ? '(known after apply)' : valueText(output.after, 4, '+', 'bare');
    const before = valueText(output.before, 4, '-', 'bare');
    const label = name.padEnd(width);
    switch (output.actions[0]) {
      case 'create':
        return [`  + ${label} = ${after}`];
      case 'delete':
        return [`  - ${label} = ${before} -> ${scalarText(null)}`];
      default:
        return [`  ~ ${label} = ${before} -> ${after}`];
    }
  });
  return ['Changes to Outputs:', ...lines.map((line) => paintMark(line, paint))];
}
