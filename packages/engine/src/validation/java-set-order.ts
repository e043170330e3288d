/** AWS lists some names in the order in which Java's HashSet has them. */
export function javaSetOrder(names: readonly string[]): readonly string[] {
  let capacity = 16;
  while (names.length > capacity * 0.75) capacity *= 2;
  const bucket = (name: string): number => {
    const hash = javaHash(name);
    return (hash ^ (hash >>> 16)) & (capacity - 1);
  };
  return [...names].sort((a, b) => bucket(a) - bucket(b));
}

/** String.hashCode. */
function javaHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}
