export type Color = 'bold' | 'red' | 'green' | 'yellow';

const CODES: { readonly [K in Color]: string } = { bold: '1', red: '31', green: '32', yellow: '33' };

export type Paint = (color: Color, text: string) => string;

/** Colours by ANSI escapes, or no colours. */
export function painter(isColored: boolean): Paint {
  return (color, text) => (isColored ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text);
}
