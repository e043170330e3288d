import type { Catalog } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import type { IndexRecord, KeySchemaElement } from '../catalog/table-record.js';
import { defaultKmsKeyArn } from './default-key.js';

/** What policies that decide about access ask of a table. */
export interface AccessFacts {
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** The table's own policy, as JSON. */
  readonly policy: string | undefined;
  /** The ARN of the customer managed key that the table is encrypted with; undefined where AWS manages the key. */
  readonly customerKey: string | undefined;
  /** The attribute that is the partition key of the table, or of one of its indexes; undefined for no such index. */
  hashKey(index: string | undefined): string | undefined;
}

/** Undefined when there is no such table. Cheap: nothing is described that nobody asks for. */
export function accessFacts(catalog: Catalog, caller: Caller, nameOrArn: string): AccessFacts | undefined {
  const record = catalog.find(caller, nameOrArn);
  if (record === undefined) return undefined;
  const named = (indexes: readonly IndexRecord[], name: string) => indexes.find((index) => index.name === name);
  const keyArn = record.encryption?.keyArn;
  return {
    tags: record.tags,
    policy: record.resourcePolicy?.document,
    customerKey: keyArn === defaultKmsKeyArn(record) ? undefined : keyArn,
    hashKey(index) {
      if (index === undefined) return hashOf(record.keySchema);
      return hashOf((named(record.globalIndexes, index) ?? named(record.localIndexes, index))?.keySchema ?? []);
    },
  };
}

function hashOf(schema: readonly KeySchemaElement[]): string | undefined {
  return schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
}
