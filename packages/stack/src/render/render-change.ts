// One resource of a plan, as Terraform 1.11 prints it (internal/command/jsonformat).
import { equalJson, isJsonObject, type JsonObject, type JsonValue } from '../json-value.js';
import { blocks } from '../resources/planned-value.js';
import { attributeNames, blockKind, blockNames, isNothing } from './blocks.js';
import { embeddedJson, encodedText, isList, type KeyStyle, keyText, scalarText, valueText } from './hcl-text.js';

const UNKNOWN_TEXT = '(known after apply)';
/** Shown even where they do not change, so that a reader knows what the change is about. */
const LANDMARKS = ['id', 'name', 'tags'];

/** An attribute or block before and after. `unknown` is true, or a tree with true in it. */
interface Pair {
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
  readonly unknown: JsonValue | undefined;
}

/** The lines between the braces of a resource block. `forced` names the attributes that force a replacement. */
export function changedBody(
  before: JsonObject | null,
  after: JsonObject | null,
  unknown: JsonObject,
  column: number,
  forced: readonly string[],
): readonly string[] {
  const attributes = attributeLines(before, after, unknown, column, forced);
  const groups = blockNames(before, after, unknown).map((name) =>
    blockLines(name, before, after, unknown, column, forced),
  );
  const shown = groups.filter((group) => group.lines.length > 0);
  const hidden = groups.reduce((sum, group) => sum + group.hidden, 0);
  const lines = [...attributes];
  for (const group of shown) lines.push(...(lines.length === 0 ? [] : ['']), ...group.lines);
  if (hidden > 0) lines.push('', hiddenLine(hidden, 'block', column));
  return lines;
}

function attributeLines(
  before: JsonObject | null,
  after: JsonObject | null,
  unknown: JsonObject,
  column: number,
  forced: readonly string[],
): readonly string[] {
  const names = attributeNames(before, after, unknown);
  const isUpdate = before !== null && after !== null;
  const shown: { name: string; pair: Pair }[] = [];
  let hidden = 0;
  let width = 0;
  for (const name of names) {
    const pair = { before: before?.[name], after: after?.[name], unknown: unknown[name] };
    const isSame = isSamePair(pair);
    const isNull = (value: JsonValue | undefined): boolean => value === null || value === undefined;
    if (isSame && isNull(pair.before) && isNull(pair.after)) continue;
    // Hidden attributes count, too, so that columns do not move from plan to plan.
    width = Math.max(width, name.length);
    if (isSame && !(isUpdate && LANDMARKS.includes(name) && column === 8)) hidden += 1;
    else shown.push({ name, pair });
  }
  const lines = shown.map(({ name, pair }) => {
    const suffix = forced.includes(name) && !isSamePair(pair) ? ' # forces replacement' : '';
    return `${pairLine(name.padEnd(width), pair, column, 'quoted')}${suffix}`;
  });
  return hidden > 0 ? [...lines, hiddenLine(hidden, 'attribute', column)] : lines;
}

function isSamePair({ before, after, unknown }: Pair): boolean {
  return unknown !== true && (equalJson(before ?? null, after ?? null) || (isNothing(before) && isNothing(after)));
}

/** `~ name = before -> after` and its kin. */
function pairLine(label: string, pair: Pair, column: number, style: KeyStyle): string {
  const { before, after } = pair;
  const line = (mark: string, value: string): string => `${' '.repeat(column - 2)}${mark} ${label} = ${value}`;
  if (pair.unknown === true) {
    return isNothing(before)
      ? line('+', UNKNOWN_TEXT)
      : line('~', `${wholeText(before, column, '-', style)} -> ${UNKNOWN_TEXT}`);
  }
  if (isSamePair(pair)) return line(' ', wholeText(after, column, ' ', style));
  if (isNothing(before)) return line('+', wholeText(after, column, '+', style));
  if (isNothing(after)) {
    // Parts of an object that go are marked themselves, without an arrow each.
    const isPart = isJsonObject(before) || isList(before);
    return line('-', `${wholeText(before, column, '-', style)}${isPart && style === 'bare' ? '' : ' -> null'}`);
  }
  return line('~', changedText(before, after, column, style));
}

function wholeText(value: JsonValue | undefined, column: number, mark: string, style: KeyStyle): string {
  const json = embeddedJson(value);
  return json === null ? valueText(value, column, mark, style) : encodedText(json, column, mark);
}

function changedText(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  column: number,
  style: KeyStyle,
): string {
  const [oldJson, newJson] = [embeddedJson(before), embeddedJson(after)];
  if (oldJson !== null && newJson !== null) {
    const inner = column + 4;
    return `jsonencode(\n${' '.repeat(inner - 2)}~ ${changedText(oldJson, newJson, inner, 'bare')}\n${' '.repeat(column)})`;
  }
  if (isJsonObject(before) && isJsonObject(after)) return changedObject(before, after, column, style);
  if (isList(before) && isList(after)) return changedList(before, after, column, style);
  return `${scalarOrWhole(before, column, '-', style)} -> ${scalarOrWhole(after, column, '+', style)}`;
}

function changedObject(before: JsonObject, after: JsonObject, column: number, style: KeyStyle): string {
  const inner = column + 4;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const pairs = keys.map((key) => ({ key, before: before[key], after: after[key], unknown: undefined }));
  const changed = pairs.filter((pair) => !equalJson(pair.before, pair.after));
  const width = Math.max(...keys.map((key) => keyText(key, style).length));
  const lines = changed.map((pair) => pairLine(keyText(pair.key, style).padEnd(width), pair, inner, style));
  const hidden = pairs.length - changed.length;
  if (hidden > 0) lines.push(hiddenLine(hidden, style === 'bare' ? 'attribute' : 'element', inner));
  return ['{', ...lines, `${' '.repeat(column)}}`].join('\n');
}

function changedList(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  column: number,
  style: KeyStyle,
): string {
  const inner = column + 4;
  const start = (mark: string): string => `${' '.repeat(inner - 2)}${mark} `;
  const lines = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => {
    const [old, next] = [before[index], after[index]];
    if (next === undefined) return `${start('-')}${valueText(old, inner, '-', style)},`;
    if (old === undefined) return `${start('+')}${valueText(next, inner, '+', style)},`;
    if (equalJson(old, next)) return `${start(' ')}${valueText(next, inner, ' ', style)},`;
    return `${start('~')}${changedText(old, next, inner, style)},`;
  });
  return ['[', ...lines, `${' '.repeat(column)}]`].join('\n');
}

function scalarOrWhole(value: JsonValue | undefined, column: number, mark: string, style: KeyStyle): string {
  return isList(value) || isJsonObject(value) ? valueText(value, column, mark, style) : scalarText(value);
}

function blockLines(
  name: string,
  before: JsonObject | null,
  after: JsonObject | null,
  unknown: JsonObject,
  column: number,
  forced: readonly string[],
): { lines: readonly string[]; hidden: number } {
  const old = before === null ? [] : blocks(before, name);
  const next = after === null ? [] : blocks(after, name);
  const unknowns = blocks(unknown, name);
  const pairs = blockKind(name) === 'set' ? setPairs(old, next, unknowns) : listPairs(old, next, unknowns);
  const changed = pairs.filter((pair) => !isSameBlock(pair));
  const suffix = forced.includes(name) ? ' # forces replacement' : '';
  const lines = changed.flatMap((pair) => {
    const mark = pair.before === null ? '+' : pair.after === null ? '-' : '~';
    return [
      `${' '.repeat(column - 2)}${mark} ${name} {${suffix}`,
      ...changedBody(pair.before, pair.after, pair.unknown, column + 4, []),
      `${' '.repeat(column)}}`,
    ];
  });
  return { lines, hidden: pairs.length - changed.length };
}

interface BlockPair {
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly unknown: JsonObject;
}

function isSameBlock({ before, after, unknown }: BlockPair): boolean {
  return before !== null && after !== null && Object.keys(unknown).length === 0 && equalJson(before, after);
}

function listPairs(
  old: readonly JsonObject[],
  next: readonly JsonObject[],
  unknowns: readonly JsonObject[],
): readonly BlockPair[] {
  return Array.from({ length: Math.max(old.length, next.length) }, (_, index) => ({
    before: old[index] ?? null,
    after: next[index] ?? null,
    unknown: unknowns[index] ?? {},
  }));
}

/** Equal elements together, then those that go, then those that come. */
function setPairs(
  old: readonly JsonObject[],
  next: readonly JsonObject[],
  unknowns: readonly JsonObject[],
): readonly BlockPair[] {
  const isOpen = (index: number): boolean => Object.keys(unknowns[index] ?? {}).length > 0;
  const kept = old.filter((it) => next.some((other, index) => !isOpen(index) && equalJson(it, other)));
  const gone = old.filter((it) => !kept.includes(it));
  const come = next.flatMap((after, index) =>
    kept.some((it) => equalJson(it, after)) ? [] : [{ before: null, after, unknown: unknowns[index] ?? {} }],
  );
  return [
    ...kept.map((it) => ({ before: it, after: it, unknown: {} })),
    ...gone.map((it) => ({ before: it, after: null, unknown: {} })),
    ...come,
  ];
}

function hiddenLine(count: number, what: string, column: number): string {
  return `${' '.repeat(column)}# (${count} unchanged ${what}${count === 1 ? '' : 's'} hidden)`;
}
