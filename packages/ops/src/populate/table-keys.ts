import type { KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb';
import { defined } from '@tablewright/base';

export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** What a table asks of its items. */
export interface TableKeys {
  readonly table: string;
  readonly hashKey: KeyAttribute;
  readonly rangeKey: KeyAttribute | undefined;
  /** Keys of the table's indexes that are no keys of the table: they may be missing, but not of another type. */
  readonly indexKeys: readonly KeyAttribute[];
}

/** The keys that a table's description declares. */
export function tableKeys(description: TableDescription): TableKeys {
  const types = new Map(
    (description.AttributeDefinitions ?? []).map((one) => [one.AttributeName, one.AttributeType as KeyType]),
  );
  const attribute = (schema: readonly KeySchemaElement[] | undefined, role: string): KeyAttribute | undefined => {
    const name = schema?.find((element) => element.KeyType === role)?.AttributeName;
    return name === undefined ? undefined : { name, type: defined(types.get(name), `the type of ${name}`) };
  };
  const own = [attribute(description.KeySchema, 'HASH'), attribute(description.KeySchema, 'RANGE')];
  const ownNames = new Set(own.map((key) => key?.name));
  const indexKeys = [...types].flatMap(([name, type]) =>
    name === undefined || ownNames.has(name) ? [] : [{ name, type }],
  );
  return {
    table: defined(description.TableName, 'the name of the table'),
    hashKey: defined(own[0], 'the hash key of the table'),
    rangeKey: own[1],
    indexKeys,
  };
}
