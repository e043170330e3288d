/** An object cannot be read any further; what came before in it counts, and one error. */
export class MalformedObject extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedObject';
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
