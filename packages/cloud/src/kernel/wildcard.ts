/** Whether a text is like a pattern, in which `*` stands for any characters. */
export function isLike(text: string, pattern: string): boolean {
  return likeness(pattern)(text);
}

/** The same, for a pattern that many texts are held against. */
export function likeness(pattern: string): (text: string) => boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const regex = new RegExp(`^${source.join('.*')}$`, 's');
  return (text) => regex.test(text);
}
