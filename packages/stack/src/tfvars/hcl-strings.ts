// HCL's quoted strings and heredocs (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-expressions),
// without interpolation: "${" and "%{" are refused unless they are escaped as "$${" and "%%{".
import type { SourceText } from './source-text.js';

const ESCAPES: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const NO_TEMPLATES = 'Write the text itself, or "$${" (and "%%{") where "${" (or "%{") is meant literally.';

/** Reads a string in double quotes; the cursor is at the opening quote. */
export function readQuotedString(source: SourceText): string {
  const opened = source.position();
  source.advance();
  let value = '';
  for (;;) {
    const next = source.peek();
    if (next === '"') {
      source.advance();
      return value;
    }
    if (next === '' || next === '\n') {
      throw source.error(
        'this string is never closed',
        'Add the closing quote, or use a heredoc for several lines.',
        opened,
      );
    }
    value += next === '\\' ? readEscape(source) : readPlain(source);
  }
}

function readEscape(source: SourceText): string {
  const at = source.position();
  const letter = source.peek(1);
  const plain = ESCAPES[letter];
  if (plain !== undefined) {
    source.advance(2);
    return plain;
  }
  const code = source.match(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/y);
  const point = Number.parseInt(code?.[1] ?? code?.[2] ?? 'none', 16);
  if (code === null || point > 0x10ffff) {
    throw source.error(`"\\${letter}" is no escape`, 'Use \\n, \\r, \\t, \\", \\\\, \\uNNNN or \\UNNNNNNNN.', at);
  }
  return String.fromCodePoint(point);
}

function readPlain(source: SourceText): string {
  for (const sign of ['$', '%']) {
    if (source.startsWith(`${sign}${sign}{`)) {
      source.advance(3);
      return `${sign}{`;
    }
    if (source.startsWith(`${sign}{`)) throw source.error(`"${sign}{" begins a template`, NO_TEMPLATES);
  }
  const character = String.fromCodePoint(source.text.codePointAt(source.offset) ?? 0);
  source.advance(character.length);
  return character;
}

/** Reads a heredoc; the cursor is at `<<`. `<<-` takes the smallest indentation away from every line. */
export function readHeredoc(source: SourceText): string {
  const opened = source.position();
  const opening = source.match(/<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy);
  if (opening === null) {
    throw source.error(
      '"<<" begins a heredoc and needs a word and a new line after it',
      'Write <<EOF, the text, and EOF.',
    );
  }
  const lines: string[] = [];
  for (;;) {
    const lineText = source.match(/[^\n]*/y)?.[0] ?? '';
    if (lineText.trim() === opening[2]) break;
    if (source.ended) {
      throw source.error(`this heredoc is never closed`, `End it with ${opening[2]} on a line of its own.`, opened);
    }
    lines.push(lineText.replace(/\r$/, ''));
    source.advance();
  }
  const text = (opening[1] === '-' ? outdent(lines) : lines).map((line) => `${line}\n`).join('');
  if (/(?<![$])[$]\{|(?<!%)%\{/.test(text))
    throw source.error('this heredoc contains a template', NO_TEMPLATES, opened);
  return text.replace(/\$\$\{/g, '$' + '{').replace(/%%\{/g, '%{');
}

/** Blank lines neither count nor change, as in HCL. */
function outdent(lines: readonly string[]): readonly string[] {
  const isBlank = (line: string): boolean => line.trim() === '';
  const indents = lines.filter((line) => !isBlank(line)).map((line) => /^\s*/u.exec(line)?.[0].length ?? 0);
  const smallest = Math.min(...indents);
  return lines.map((line) => (isBlank(line) ? line : line.slice(smallest)));
}
