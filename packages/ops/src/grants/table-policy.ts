import type { TableDescription } from '@aws-sdk/client-dynamodb';

/** What a function may do with a table's items. */
export type Access = 'read' | 'write' | 'read-write';

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

const ITEM_READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'ConditionCheckItem'];
const ITEM_WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
const INDEX_READS = ['Query', 'Scan'];
/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const STREAM_READS = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

/**
 * The least that a function needs: the table, its indexes where it has any, its stream where one is on, its key in KMS
 * where it has one; the actions are those of the Terraform module's policies (iam.tf).
 */
export function tablePolicy(table: TableDescription, access: Access): PolicyDocument {
  const arn = table.TableArn ?? '';
  const reads = access !== 'write';
  const indexed = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].length > 0;
  const statements: PolicyStatement[] = [];
  if (reads) {
    const writes = access === 'read' ? [] : ITEM_WRITES;
    statements.push(allow('Table', [...ITEM_READS, ...writes, 'DescribeTable'], arn));
  } else {
    // A write can ask for the item as it was or is; one that may only write must not.
    const condition = { StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE'] } };
    statements.push({ ...allow('Table', ITEM_WRITES, arn), Condition: condition });
  }
  if (reads && indexed) statements.push(allow('Indexes', INDEX_READS, `${arn}/index/*`));
  if (reads && table.StreamSpecification?.StreamEnabled === true) {
    statements.push(allow('Stream', STREAM_READS, `${arn}/stream/*`));
  }
  const key = table.SSEDescription?.KMSMasterKeyArn;
  if (key !== undefined) statements.push(keyUse(key, arn));
  return { Version: '2012-10-17', Statement: statements };
}

/**
 * Who reads or writes a table with a customer managed key needs the key for it, through DynamoDB alone. The table does not
 * say whose key it has; for one that AWS manages the statement allows nothing that the key's own policy does not.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
 */
function keyUse(keyArn: string, tableArn: string): PolicyStatement {
  const [, , , region] = tableArn.split(':');
  return {
    Sid: 'Key',
    Effect: 'Allow',
    Action: ['kms:Decrypt'],
    Resource: keyArn,
    Condition: { StringEquals: { 'kms:ViaService': [`dynamodb.${region}.amazonaws.com`] } },
  };
}

function allow(sid: string, operations: readonly string[], resource: string): PolicyStatement {
  return { Sid: sid, Effect: 'Allow', Action: operations.map((name) => `dynamodb:${name}`), Resource: resource };
}
