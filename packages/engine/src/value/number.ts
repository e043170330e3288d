/** The canonical decimal string of a number; throws ValidationException with AWS's words. */
export function normalizeNumber(_text: string): string {
  throw new Error('not written yet');
}

/** Negative, zero or positive. Both numbers in canonical form. */
export function compareNumbers(_a: string, _b: string): number {
  throw new Error('not written yet');
}

export function addNumbers(_a: string, _b: string): string {
  throw new Error('not written yet');
}

export function subtractNumbers(_a: string, _b: string): string {
  throw new Error('not written yet');
}
