import { isJsonObject, type JsonValue } from '../json-value.js';

/** A string in HCL's quotes, templates escaped. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
  return escaped.replace(/\$\{/g, '$$$${').replace(/%\{/g, '%%{');
}

/** A value without parts: `"text"`, `5`, `true`, `null`. */
export function scalarText(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** The keys of a map, quoted; of an object (`plain`), bare where they are identifiers. */
export function keyText(key: string, style: KeyStyle): string {
  return style === 'bare' && /^[A-Za-z_][\w-]*$/.test(key) ? key : quoted(key);
}

export type KeyStyle = 'quoted' | 'bare';

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** An object or list out of a string that holds its JSON; null for any other string. Terraform shows it as jsonencode(). */
export function embeddedJson(value: JsonValue | undefined): JsonValue | null {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return null;
  try {
    const parsed = JSON.parse(value) as JsonValue;
    return isJsonObject(parsed) || isList(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/**
 * A value over as many lines as it needs, without the last line break. `column` is where the line's name stands;
 * `mark` goes two columns before every inner line (a blank, `+` or `-`).
 */
export function valueText(value: JsonValue | undefined, column: number, mark: string, style: KeyStyle): string {
  const inner = column + 4;
  const start = `${' '.repeat(inner - 2)}${mark} `;
  if (isList(value)) {
    if (value.length === 0) return '[]';
    const lines = value.map((element) => `${start}${valueText(element, inner, mark, style)},`);
    return ['[', ...lines, `${' '.repeat(column)}]`].join('\n');
  }
  if (!isJsonObject(value)) return scalarText(value);
  const keys = Object.keys(value);
  if (keys.length === 0) return '{}';
  const width = Math.max(...keys.map((key) => keyText(key, style).length));
  const lines = keys.map(
    (key) => `${start}${keyText(key, style).padEnd(width)} = ${valueText(value[key], inner, mark, style)}`,
  );
  return ['{', ...lines, `${' '.repeat(column)}}`].join('\n');
}

/** A value inside `jsonencode( … )`. */
export function encodedText(value: JsonValue, column: number, mark: string): string {
  const inner = column + 4;
  return `jsonencode(\n${' '.repeat(inner)}${valueText(value, inner, mark, 'bare')}\n${' '.repeat(column)})`;
}
