const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/** The boolean that a string stands for in DynamoDB's protocol, which takes these words in any case. */
export function flagOf(text: string): boolean | undefined {
  return FLAGS.get(text.toLowerCase());
}
