import type { Shape } from './shape.js';

/** Splits a header that carries a list; dates hold a comma themselves (RFC 9110 §5.6.7). */
export function splitHeaderList(text: string, item: Shape): string[] {
  if (item.kind === 'timestamp' && (item.format === 'default' || item.format === 'http-date')) {
    return (text.match(/[^,]+,[^,]+/g) ?? []).map((date) => date.trim());
  }
  const items = text.match(/\s*"(?:[^"\\]|\\.)*"\s*(?=,|$)|[^,]+/g) ?? [];
  return items
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(unquote);
}

function unquote(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1
    ? text.slice(1, -1).replace(/\\(.)/g, '$1')
    : text;
}
