import { Readable } from 'node:stream';
import type { AttributeValue } from '../value/index.js';
import type { CsvOptions } from './import-record.js';
import { MalformedObject, messageOf } from './malformed-object.js';

/** The key attributes of the table and its indexes, and their types; every other column is a string. */
export type CsvTypes = ReadonlyMap<string, 'S' | 'N' | 'B'>;

/** More than an item holds. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/**
 * CSV (RFC 4180): a header line, or the header that the request gives; then a record a line. Empty fields are left out.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  options: CsvOptions,
  types: CsvTypes,
): AsyncGenerator<unknown> {
  const { parse } = await import('csv-parse');
  const source = Readable.from(chunks);
  const parser = parse({
    delimiter: options.Delimiter ?? ',',
    bom: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
    // What cannot be parsed is told of when all that came before it has been read.
    relax_column_count: true,
    skip_records_with_error: true,
  });
  let malformed: { readonly afterRecords: number; readonly reason: string } | undefined;
  parser.on('skip', (error) => {
    malformed ??= { afterRecords: parser.info.records, reason: error?.message ?? 'a record cannot be read' };
  });
  let failure: unknown;
  source.on('error', (error) => {
    failure = error;
    parser.destroy(error);
  });
  source.pipe(parser);
  let header = options.HeaderList;
  try {
    let records = 0;
    for await (const fields of parser as AsyncIterable<string[]>) {
      if (malformed !== undefined && records >= malformed.afterRecords) break;
      records++;
      if (header === undefined) header = fields;
      else yield itemOf(header, fields, types);
    }
    if (malformed !== undefined) throw new MalformedObject(`Invalid CSV: ${malformed.reason}`);
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (error instanceof Error && error.name === 'MalformedObject') throw error;
    throw new MalformedObject(`Invalid CSV: ${messageOf(error)}`);
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function itemOf(header: readonly string[], fields: readonly string[], types: CsvTypes): Record<string, AttributeValue> {
  if (fields.length !== header.length) {
    throw new MalformedObject(`Invalid CSV: ${fields.length} fields where the header has ${header.length}`);
  }
  const attributes = header.flatMap((name, at): [string, AttributeValue][] => {
    const field = fields[at] ?? '';
    return field === '' ? [] : [[name, attributeOf(field, types.get(name))]];
  });
  return Object.fromEntries(attributes);
}

function attributeOf(field: string, type: 'S' | 'N' | 'B' = 'S'): AttributeValue {
  switch (type) {
    case 'S':
      return { S: field };
    case 'N':
      return { N: field };
    case 'B':
      return { B: field };
  }
}
