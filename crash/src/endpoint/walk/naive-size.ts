import type { Item } from '../ledger.js';

/**
 * An item's size by the rules of
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html, for the attributes
 * that the scenario uses.
 */
export function naiveSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize(value: unknown): number {
  const [[type, content] = ['', undefined]] = Object.entries(value as object);
  switch (type) {
    case 'S':
      return Buffer.byteLength(content as string);
    case 'N':
      return numberSize(content as string);
    case 'SS':
      return (content as string[]).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    case 'L':
      return 3 + (content as unknown[]).reduce<number>((sum, member) => sum + 1 + valueSize(member), 0);
    case 'M':
      return 3 + naiveSize(content as Item) + Object.keys(content as Item).length;
    case 'BOOL':
    case 'NULL':
      return 1;
    default:
      throw new Error(`no size for ${type}`);
  }
}

/** A byte, one for every two digits from the first to the last that is not zero in pairs from the point, and the sign. */
function numberSize(text: string): number {
  const digits = text.replace('-', '');
  const padded = digits.length % 2 === 0 ? digits : `0${digits}`;
  const pairs = (padded.match(/../g) ?? []).join(' ').replace(/^(00 ?)+|( ?00)+$/g, '');
  const count = pairs === '' ? 0 : pairs.split(' ').length;
  return 1 + count + (text.startsWith('-') ? 1 : 0);
}
