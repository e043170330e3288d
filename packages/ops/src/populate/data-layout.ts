/**
 * How a data file holds its records: in one array; one after another (JSON lines, or pretty-printed); or in arrays
 * inside a document, as `aws dynamodb scan` prints (`{"Items": […]}`) and `batch-write-item` takes (`{TABLE: […]}`).
 */
export type DataLayout = 'array' | 'records' | 'document';

/** Members of a scan's output that may come before its `Items`. */
const SCAN_MEMBERS = new Set(['Count', 'ScannedCount', 'ConsumedCapacity']);

/** More than any first member's name and the space around it. */
export const MAX_HEAD_BYTES = 256 * 1024;

const FIRST_MEMBER = /^\{\s*"((?:[^"\\]|\\.)*)"\s*:\s*(\S)/s;

/**
 * Tells the layout from the beginning of a file; undefined when more of it is needed. An item's attribute is always
 * an object, so a first member that is an array cannot belong to an item.
 */
export function detectLayout(head: Buffer): DataLayout | undefined {
  const text = head.toString('utf8').trimStart();
  if (text === '') return undefined;
  if (text.startsWith('[')) return 'array';
  if (!text.startsWith('{')) return 'records';
  const match = FIRST_MEMBER.exec(text);
  if (match === null) return head.length > MAX_HEAD_BYTES ? 'records' : undefined;
  const [, name = '', valueStart] = match;
  const opensArray = valueStart === '[';
  const isScanMember = SCAN_MEMBERS.has(name) && valueStart !== '{';
  return opensArray || isScanMember ? 'document' : 'records';
}
