import { createHash } from 'node:crypto';
import type { AttributeRecords } from './message-record.js';

/** In hexadecimal, as clients compare it. */
export function md5(data: string | Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

/**
 * Of names, types and values in order of the names, each preceded by its length in four bytes; undefined for none.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function attributesMd5(attributes: AttributeRecords): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (part: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hash.update(length).update(part);
  };
  for (const name of names) {
    const { type, value } = attributes[name] ?? { type: '', value: '' };
    const isBinary = type.startsWith('Binary');
    add(Buffer.from(name));
    add(Buffer.from(type));
    hash.update(Buffer.of(isBinary ? 2 : 1));
    add(Buffer.from(value, isBinary ? 'base64' : 'utf8'));
  }
  return hash.digest('hex');
}
