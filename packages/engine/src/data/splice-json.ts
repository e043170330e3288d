import { CLOSE_BRACE, COMMA, collectionEnd, OPEN_BRACE, QUOTE, stringEnd } from '../packed/json-bytes.js';
import { type AttributeNames, indexOfToken } from './pick-json.js';

/** Attributes in canonical JSON, with commas between them: in the bytes of the item as it was, or as text. */
type Piece = { readonly from: number; readonly to: number } | string;

/** JSON.stringify puts an attribute of such a name before others. */
const OF_DIGITS = /^\d+$/;

/** An item's canonical JSON with some of its attributes replaced, to be written where there is room for it. */
export class SplicedJson {
  private constructor(
    private readonly json: Buffer,
    private readonly pieces: readonly Piece[],
    readonly sizeBytes: number,
  ) {}

  /**
   * The item that reaches from `start` to the end, with `values` (canonical JSON; undefined: no attribute) in place of
   * the attributes of these names. New ones come last; the bytes of all others are taken over unseen. Undefined when a
   * new one would have another place.
   */
  static of(
    json: Buffer,
    start: number,
    { names, tokens }: AttributeNames,
    values: readonly (string | undefined)[],
  ): SplicedJson | undefined {
    const pieces: Piece[] = [];
    const isFound = new Array<boolean>(names.length).fill(false);
    let missing = names.length;
    let at = start + 1;
    /** Where the attributes begin that stay, up to `at`. */
    let from = at;
    while (missing > 0 && json[at] === QUOTE) {
      const nameEnd = stringEnd(json, at);
      const which = indexOfToken(json, at, nameEnd, tokens);
      const end = collectionEnd(json, nameEnd + 1);
      const next = json[end] === COMMA ? end + 1 : end;
      if (which >= 0) {
        // Without the comma before the name.
        if (from < at) pieces.push({ from, to: at - 1 });
        const value = values[which];
        if (value !== undefined) pieces.push(member(names[which], value));
        isFound[which] = true;
        missing--;
        from = next;
      }
      at = next;
    }
    const last = json.length - 1;
    if (from < last) pieces.push({ from, to: last });
    for (let which = 0; missing > 0 && which < names.length; which++) {
      const value = values[which];
      if (isFound[which] === true || value === undefined) continue;
      if (OF_DIGITS.test(names[which] ?? '')) return undefined;
      pieces.push(member(names[which], value));
    }
    return new SplicedJson(json, pieces, sizeOf(pieces));
  }

  /** Writes the JSON to `target`, which has room for it. */
  copy(target: Buffer, start: number): void {
    let at = start;
    for (const piece of this.pieces) {
      target[at] = at === start ? OPEN_BRACE : COMMA;
      at++;
      if (typeof piece === 'string') at += target.write(piece, at, 'utf8');
      else at += this.json.copy(target, at, piece.from, piece.to);
    }
    target[at] = CLOSE_BRACE;
  }
}

function member(name: string | undefined, value: string): string {
  return `${JSON.stringify(name)}:${value}`;
}

/** Braces included, and the commas between. An item is never empty. */
function sizeOf(pieces: readonly Piece[]): number {
  let sizeBytes = pieces.length + 1;
  for (const piece of pieces) sizeBytes += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.to - piece.from;
  return sizeBytes;
}
