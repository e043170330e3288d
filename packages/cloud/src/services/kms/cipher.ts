import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '@tablewright/base';
import { ServiceError } from '../../wire/index.js';
import type { KeyRecord } from './key-record.js';

/**
 * What KMS hands out as CiphertextBlob: opaque to clients, and it names its key, so that Decrypt needs no key id. Ours
 * is a version, the key's id and the number of its material, then AES-256-GCM with the encryption context as
 * additional data. https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
 */
const VERSION = 1;
const MULTI_REGION = 1;
const HEADER_BYTES = 22;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

export type EncryptionContext = Readonly<Record<string, string>> | undefined;

export function seal(key: KeyRecord, plaintext: Uint8Array, context: EncryptionContext, random: Random): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(VERSION, 0);
  header.writeUInt8(key.multiRegion ? MULTI_REGION : 0, 1);
  Buffer.from(key.keyId.replace('mrk-', '').replaceAll('-', ''), 'hex').copy(header, 2);
  header.writeUInt32BE(key.materials.length - 1, 18);
  const iv = random.bytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, secretOf(key, key.materials.length - 1), iv);
  cipher.setAAD(additionalData(header, context));
  return Buffer.concat([header, iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The id of the key that a blob names. Throws InvalidCiphertextException, as AWS does, without a message. */
export function keyIdOf(blob: Uint8Array): string {
  const header = Buffer.from(blob.subarray(0, HEADER_BYTES));
  if (blob.length < HEADER_BYTES + IV_BYTES + TAG_BYTES || header[0] !== VERSION) throw invalidCiphertext();
  const hex = header.toString('hex', 2, 18);
  if (header[1] === MULTI_REGION) return `mrk-${hex}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function unseal(key: KeyRecord, blob: Uint8Array, context: EncryptionContext): Buffer {
  const bytes = Buffer.from(blob);
  const header = bytes.subarray(0, HEADER_BYTES);
  const start = HEADER_BYTES + IV_BYTES;
  try {
    const decipher = createDecipheriv(
      ALGORITHM,
      secretOf(key, header.readUInt32BE(18)),
      bytes.subarray(HEADER_BYTES, start),
    );
    decipher.setAAD(additionalData(header, context));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(start, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

/** The id of the material that a blob was encrypted with. */
export function materialIdOf(key: KeyRecord, blob: Uint8Array): string | undefined {
  return key.materials[Buffer.from(blob).readUInt32BE(18)]?.id;
}

function secretOf(key: KeyRecord, index: number): Buffer {
  const material = key.materials[index];
  if (material === undefined) throw invalidCiphertext();
  return Buffer.from(material.secret, 'base64');
}

/** The context is a map: its order counts for nothing. */
function additionalData(header: Uint8Array, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(pairs), 'utf8')]);
}

function invalidCiphertext(): ServiceError {
  return new ServiceError('InvalidCiphertextException', '');
}
