import type { Caller } from '../kernel/caller.js';
import type { Need } from '../kernel/identity-port.js';
import { attributesOf, keyText, queriedKey } from './dynamodb-attributes.js';
import { isObject, listOf, objectOf, objectsOf, tagContext, textOf } from './input-reader.js';
import type { TableFacts } from './table-facts.js';

/**
 * What each operation of DynamoDB and its streams needs, with DynamoDB's condition keys.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export class DynamoDbNeeds {
  constructor(
    private readonly place: Caller,
    private readonly facts: TableFacts,
  ) {}

  of(operation: string, input: object): readonly Need[] {
    switch (operation) {
      case 'GetItem':
      case 'PutItem':
      case 'UpdateItem':
      case 'DeleteItem':
        return [this.#item(operation, input, input)];
      case 'Query':
      case 'Scan':
        return [this.#read(operation, input)];
      // Without DynamoDB's own condition keys: there is no fine-grained access control for it (VectorSearch.Requirements).
      case 'SearchVectors':
        return [this.#need(operation, this.#indexArn(input))];
      case 'BatchGetItem':
        return this.#batch(operation, objectOf(input, 'RequestItems'), input, keysToGet);
      case 'BatchWriteItem':
        return this.#batch(operation, objectOf(input, 'RequestItems'), input, writtenItems);
      case 'TransactGetItems':
        return objectsOf(input, 'TransactItems').map(({ Get }) => this.#enclosed('GetItem', Get, operation, input));
      case 'TransactWriteItems':
        return objectsOf(input, 'TransactItems').flatMap((item) =>
          // Put, Update, Delete, ConditionCheck
          Object.entries(item).map(([kind, one]) => this.#enclosed(`${kind}Item`, one, operation, input)),
        );
      case 'ExecuteStatement':
        return this.#statement(input, undefined);
      case 'BatchExecuteStatement':
      case 'ExecuteTransaction':
        return statementsOf(input).flatMap((statement) => this.#statement(statement, operation));
      case 'RestoreTableFromBackup':
        return this.#restore(operation, textOf(input, 'BackupArn') ?? '*', input);
      case 'RestoreTableToPointInTime': {
        const source = textOf(input, 'SourceTableArn') ?? textOf(input, 'SourceTableName') ?? '';
        return this.#restore(operation, this.#arn(source), input);
      }
      default:
        return [this.#control(operation, input)];
    }
  }

  #control(operation: string, input: object): Need {
    const arn =
      textOf(input, 'ResourceArn') ??
      textOf(input, 'StreamArn') ??
      textOf(input, 'BackupArn') ??
      textOf(input, 'ExportArn') ??
      textOf(input, 'ImportArn') ??
      textOf(input, 'BulkOperationArn') ??
      textOf(input, 'TableArn') ??
      textOf(input, 'ShardIterator')?.split('|')[0];
    const table =
      textOf(input, 'TableName') ??
      textOf(input, 'GlobalTableName') ??
      textOf(objectOf(input, 'TableCreationParameters'), 'TableName');
    if (operation === 'ListTables') return this.#need(operation, this.#arn('*'));
    const isList = operation.startsWith('List') && operation !== 'ListTagsOfResource';
    const resource = isList ? '*' : (arn ?? (table === undefined ? '*' : this.#arn(table)));
    return this.#need(operation, resource, tagContext('Tags' in input ? input.Tags : undefined));
  }

  #restore(operation: string, source: string, input: object): Need[] {
    const target = this.#arn(textOf(input, 'TargetTableName') ?? '');
    const filling = ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'];
    return [
      this.#need(operation, source),
      this.#need(operation, target),
      ...filling.map((action) => this.#need(action, target)),
    ];
  }

  #item(action: string, item: object, request: object): Need {
    const table = textOf(item, 'TableName') ?? '';
    const key = { ...objectOf(item, 'Item'), ...objectOf(item, 'Key') };
    const hashKey = this.facts.hashKey(this.place, table);
    return this.#need(action, this.#arn(table), {
      ...this.#common(item, request),
      'dynamodb:LeadingKeys': hashKey === undefined ? undefined : keyText(key[hashKey]),
      'dynamodb:Attributes': attributesOf(item),
    });
  }

  #enclosed(action: string, item: unknown, enclosing: string, request: object): Need {
    const { context, ...need } = this.#item(action, isObject(item) ? item : {}, request);
    return { ...need, context: { ...context, 'dynamodb:EnclosingOperation': enclosing } };
  }

  #read(action: string, input: object): Need {
    const table = textOf(input, 'TableName') ?? '';
    const index = textOf(input, 'IndexName');
    const hashKey = action === 'Query' ? this.facts.hashKey(this.place, table, index) : undefined;
    const resource = this.#indexArn(input);
    const projects = 'ProjectionExpression' in input || 'AttributesToGet' in input;
    return this.#need(action, resource, {
      ...this.#common(input, input),
      'dynamodb:LeadingKeys': hashKey === undefined ? undefined : keyText(queriedKey(input, hashKey)),
      'dynamodb:Attributes': attributesOf(input),
      'dynamodb:Select': textOf(input, 'Select') ?? (projects ? 'SPECIFIC_ATTRIBUTES' : undefined),
    });
  }

  #batch(
    action: string,
    tables: Record<string, unknown>,
    input: object,
    itemsOf: (request: unknown) => readonly Record<string, unknown>[],
  ): Need[] {
    return Object.entries(tables).map(([table, request]) => {
      const items = itemsOf(request);
      const hashKey = this.facts.hashKey(this.place, table);
      const keys =
        hashKey === undefined ? [] : items.map((item) => keyText(item[hashKey])).filter((key) => key !== undefined);
      const named = items.flatMap((item) => Object.keys(item));
      const attributes = new Set([...named, ...(isObject(request) ? attributesOf(request) : [])]);
      return this.#need(action, this.#arn(table), {
        ...this.#common(input, input),
        'dynamodb:LeadingKeys': keys,
        'dynamodb:Attributes': [...attributes],
      });
    });
  }

  /** What one statement of a batch or transaction needs. */
  ofStatement(operation: string, input: object, at: number): readonly Need[] {
    const statement = statementsOf(input)[at];
    return statement === undefined ? [] : this.#statement(statement, operation);
  }

  #statement(statement: object, enclosing: string | undefined): Need[] {
    const facts = this.facts.statement(textOf(statement, 'Statement') ?? '', listOf(statement, 'Parameters'));
    // Nothing passes for want of understanding.
    if (facts === undefined) return PARTIQL_ACTIONS.map((action) => this.#need(action, this.#arn('*')));
    const { verb, tableName, indexName } = facts;
    const hashKey = this.facts.hashKey(this.place, tableName, indexName);
    const keys = (hashKey === undefined ? undefined : facts.valuesOf(hashKey))?.map(keyText);
    const resource = this.#arn(tableName) + (indexName === undefined ? '' : `/index/${indexName}`);
    return [
      this.#need(`PartiQL${verb}`, resource, {
        'dynamodb:EnclosingOperation': enclosing,
        'dynamodb:Attributes': facts.attributes,
        'dynamodb:LeadingKeys': keys?.filter((key) => key !== undefined),
        'dynamodb:FullTableScan': verb === 'Select' ? String(keys === undefined) : undefined,
      }),
    ];
  }

  #common(item: object, request: object) {
    return {
      'dynamodb:ReturnConsumedCapacity': textOf(request, 'ReturnConsumedCapacity'),
      'dynamodb:ReturnValues': textOf(item, 'ReturnValues'),
    };
  }

  #need(action: string, resource: string, context: Need['context'] = {}): Need {
    const tags = resource.includes(':table/') ? this.facts.tags(this.place, tableOf(resource)) : {};
    const tagged = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value] as const);
    return { action: `dynamodb:${action}`, resource, context: { ...context, ...Object.fromEntries(tagged) } };
  }

  /** Of the table that is read, or of its index. */
  #indexArn(input: object): string {
    const index = textOf(input, 'IndexName');
    return this.#arn(textOf(input, 'TableName') ?? '') + (index === undefined ? '' : `/index/${index}`);
  }

  /** Of a table given by name or ARN. */
  #arn(table: string): string {
    if (table.startsWith('arn:')) return table;
    return `arn:aws:dynamodb:${this.place.region}:${this.place.accountId}:table/${table}`;
  }
}

const PARTIQL_ACTIONS = ['PartiQLSelect', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'];

function tableOf(arn: string): string {
  return arn.slice(arn.indexOf(':table/') + ':table/'.length).split('/')[0] ?? '';
}

function keysToGet(request: unknown): readonly Record<string, unknown>[] {
  return isObject(request) ? objectsOf(request, 'Keys') : [];
}

function writtenItems(requests: unknown): readonly Record<string, unknown>[] {
  if (!Array.isArray(requests)) return [];
  return requests.filter(isObject).map((write) => ({
    ...objectOf(objectOf(write, 'PutRequest'), 'Item'),
    ...objectOf(objectOf(write, 'DeleteRequest'), 'Key'),
  }));
}

/** Of a batch or a transaction. */
function statementsOf(input: object): readonly Record<string, unknown>[] {
  return [...objectsOf(input, 'Statements'), ...objectsOf(input, 'TransactStatements')];
}
