import { createHash } from 'node:crypto';
import { type DynamoError, validationError } from '../errors.js';
import { type AttributeMap, checkItem } from '../value/index.js';

/** Where a SELECT goes on: in which of its reads, and behind which entry of it. */
export interface ReadPosition {
  readonly read: number;
  /** The key of the entry; undefined for the beginning of the read. */
  readonly key: AttributeMap | undefined;
}

interface TokenContent {
  readonly statement: string;
  readonly read: number;
  readonly key?: unknown;
}

const CHECKSUM_BYTES = 8;

/** What a token belongs to: the statement and its parameters. */
export function statementDigest(text: string, parameters: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([text, parameters]))
    .digest('base64')
    .slice(0, 22);
}

/** A token for the page after this one. Opaque on AWS; here the position, with a checksum. */
export function encodeToken(statement: string, { read, key }: ReadPosition): string {
  const content: TokenContent = { statement, read, ...(key !== undefined && { key }) };
  const json = Buffer.from(JSON.stringify(content));
  return Buffer.concat([checksum(json), json]).toString('base64');
}

/** Throws ValidationException when the token is broken, or of another statement. */
export function decodeToken(statement: string, token: string): ReadPosition {
  const bytes = Buffer.from(token, 'base64');
  const json = bytes.subarray(CHECKSUM_BYTES);
  const isWhole = bytes.toString('base64') === token && checksum(json).equals(bytes.subarray(0, CHECKSUM_BYTES));
  if (!isWhole) throw invalidToken();
  const content = JSON.parse(json.toString()) as TokenContent;
  if (content.statement !== statement) throw validationError('NextToken does not match request');
  return { read: content.read, key: content.key === undefined ? undefined : checkItem(content.key).item };
}

function checksum(json: Buffer): Buffer {
  return createHash('sha256').update('NextToken').update(json).digest().subarray(0, CHECKSUM_BYTES);
}

function invalidToken(): DynamoError {
  return validationError('Invalid NextToken');
}
