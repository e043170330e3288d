/**
 * An attribute value exactly as AWS JSON carries it: one member, named by type. Numbers are decimal strings,
 * binary is base64 text. The engine takes and gives this form, so requests need no conversion.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: AttributeMap }
  | { readonly L: readonly AttributeValue[] }
  | { readonly NULL: true }
  | { readonly BOOL: boolean };

export type AttributeType = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'NULL' | 'BOOL';

/** An item, a key, or the contents of a map: attribute name to value. */
export type AttributeMap = Readonly<Record<string, AttributeValue>>;
