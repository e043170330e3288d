export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Where each statement of a document (sound JSON) begins, and the place after its end, in order. */
export function statementPositions(text: string): { readonly start: Position; readonly end: Position }[] {
  const spans: { start: Position; end: Position }[] = [];
  // The depth at which an object is a statement: within the list of them, or right behind the key.
  let depth = 0;
  let statementDepth = -1;
  let startAt = 0;
  let lastKey = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      if (depth === 1) lastKey = text.slice(at + 1, end - 1);
      at = end - 1;
    } else if (char === '{' || char === '[') {
      if (depth === 1 && lastKey === 'Statement') statementDepth = char === '[' ? 2 : 1;
      if (char === '{' && depth === statementDepth) startAt = at;
      depth++;
    } else if (char === '}' || char === ']') {
      depth--;
      if (char === '}' && depth === statementDepth) {
        spans.push({ start: positionOf(text, startAt), end: positionOf(text, at + 1) });
      }
      if (depth === 1) {
        statementDepth = -1;
        lastKey = '';
      }
    }
  }
  return spans;
}

/** Where the string that begins at `start` has ended. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
