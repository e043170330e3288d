import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { TypedItem, TypedValue } from './attribute-check.js';

/** The item as the SDK takes it: the same, with binary as bytes. */
export function toSdkItem(item: TypedItem): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toSdkValue(value)]));
}

function toSdkValue(value: TypedValue): AttributeValue {
  if ('B' in value) return { B: Buffer.from(value.B, 'base64') };
  if ('BS' in value) return { BS: value.BS.map((text) => Buffer.from(text, 'base64')) };
  if ('L' in value) return { L: value.L.map(toSdkValue) };
  if ('M' in value) return { M: toSdkItem(value.M) };
  if ('SS' in value) return { SS: [...value.SS] };
  if ('NS' in value) return { NS: [...value.NS] };
  return value;
}
