/**
 * Of vectors of the same length. In four sums, as processors add several numbers at once as long as none waits for the
 * one before. With itself, a vector has exactly the product that an equal one has with it.
 */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  let one = 0;
  let two = 0;
  let three = 0;
  let four = 0;
  const end = a.length - 3;
  let at = 0;
  for (; at < end; at += 4) {
    one += (a[at] as number) * (b[at] as number);
    two += (a[at + 1] as number) * (b[at + 1] as number);
    three += (a[at + 2] as number) * (b[at + 2] as number);
    four += (a[at + 3] as number) * (b[at + 3] as number);
  }
  for (; at < a.length; at++) one += (a[at] as number) * (b[at] as number);
  return one + two + three + four;
}
