import { describe, it } from 'node:test';
import { expectRefusal } from './support/expect-refusal.js';
import { Target } from './support/target.js';

// What the front end answers to JSON of the wrong type, before any validation. Each kind of member has its own words;
// the rest of the request is missing on purpose, which must not matter.

const API = 'com.amazonaws.dynamodb.v20120810.';
const STRUCTURE = 'Start of structure or map found where not expected';
const CAST =
  'class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class ' +
  '(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of ' +
  "loader 'bootstrap')";
const BASE64_END = 'Invalid last non-pad Base64 character dectected';

type Case = readonly [value: unknown, message: string];

const scalars = (message: string): Case[] => ['23', true, 23, -2147483648, 2147483648, 34.56].map((v) => [v, message]);

const string: Case[] = [
  [true, 'TRUE_VALUE cannot be converted to String'],
  [false, 'FALSE_VALUE cannot be converted to String'],
  [23, 'NUMBER_VALUE cannot be converted to String'],
  [2147483648, 'NUMBER_VALUE cannot be converted to String'],
  [34.56, 'DECIMAL_VALUE cannot be converted to String'],
  [[], 'Unrecognized collection type class java.lang.String'],
  [{}, STRUCTURE],
];

const boolean: Case[] = [
  ['23', 'Unexpected token received from parser'],
  [23, 'NUMBER_VALUE cannot be converted to Boolean'],
  [34.56, 'DECIMAL_VALUE cannot be converted to Boolean'],
  [[], 'Unrecognized collection type class java.lang.Boolean'],
  [{}, STRUCTURE],
];

const numeric = (type: 'Integer' | 'Long'): Case[] => [
  ['23', `STRING_VALUE cannot be converted to ${type}`],
  [true, `TRUE_VALUE cannot be converted to ${type}`],
  [false, `FALSE_VALUE cannot be converted to ${type}`],
  [[], `Unrecognized collection type class java.lang.${type}`],
  [{}, STRUCTURE],
];

const blob: Case[] = [
  [true, 'only base-64-encoded strings are convertible to bytes'],
  [23, 'only base-64-encoded strings are convertible to bytes'],
  [34.56, 'only base-64-encoded strings are convertible to bytes'],
  [[], 'Unrecognized collection type class java.nio.ByteBuffer'],
  [{}, STRUCTURE],
  ['23456', 'Base64 encoded length is expected a multiple of 4 bytes but found: 5'],
  ['=+/=', BASE64_END],
  ['+/+=', BASE64_END],
];

const list: Case[] = [...scalars('Unexpected field type'), [{}, STRUCTURE]];
const listInMap: Case[] = [...scalars(CAST), [{}, STRUCTURE]];
const map = (element: string): Case[] => [
  ...scalars('Unexpected field type'),
  [[], `Unrecognized collection type java.util.Map<java.lang.String, ${element}>`],
];
const mapInList: Case[] = [
  ...scalars(CAST),
  [[], `Unrecognized collection type java.util.Map<java.lang.String, ${API}AttributeValue>`],
];
const field = (name: string): Case[] => [
  ...scalars('Unexpected field type'),
  [[], `Unrecognized collection type class ${API}${name}`],
];
const element = (name: string): Case[] => [
  ...scalars('Unexpected value type in payload'),
  [[], `Unrecognized collection type class ${API}${name}`],
];

const attributeMap = map(`${API}AttributeValue`);
const names = map('java.lang.String');

/** An attribute value at `path`, as a member or as an element of a collection. */
function attributeValue(path: string, place: (name: string) => Case[]): [string, Case[]][] {
  return [
    [path, place('AttributeValue')],
    [`${path}.S`, string],
    [`${path}.N`, string],
    [`${path}.B`, blob],
    [`${path}.BOOL`, boolean],
    [`${path}.NULL`, boolean],
    [`${path}.SS`, list],
    [`${path}.SS.0`, string],
    [`${path}.NS`, list],
    [`${path}.NS.0`, string],
    [`${path}.BS`, list],
    [`${path}.BS.0`, blob],
    [`${path}.L`, list],
    [`${path}.L.0`, element('AttributeValue')],
    [`${path}.L.0.BS`, list],
    [`${path}.L.0.BS.0`, blob],
    [`${path}.M`, attributeMap],
    [`${path}.M.a`, element('AttributeValue')],
    [`${path}.M.a.BS`, list],
    [`${path}.M.a.BS.0`, blob],
  ];
}

const expressionMembers: [string, Case[]][] = [
  ['ExpressionAttributeNames', names],
  ['ExpressionAttributeNames.#a', string],
];
const valueMembers: [string, Case[]][] = [
  ['ExpressionAttributeValues', attributeMap],
  ...attributeValue('ExpressionAttributeValues.Attr', element),
];
const expected: [string, Case[]][] = [
  ['Expected', map(`${API}ExpectedAttributeValue`)],
  ['Expected.Attr', element('ExpectedAttributeValue')],
  ['Expected.Attr.Exists', boolean],
  ['Expected.Attr.AttributeValueList', list],
  ...attributeValue('Expected.Attr.AttributeValueList.0', element),
  ...attributeValue('Expected.Attr.Value', field),
];
const writeMembers: [string, Case[]][] = [
  ['TableName', string],
  ['ReturnConsumedCapacity', string],
  ['ReturnItemCollectionMetrics', string],
  ['ReturnValues', string],
  ['ConditionExpression', string],
  ['ConditionalOperator', string],
  ...expected,
  ...expressionMembers,
  ...valueMembers,
];

function conditionsAt(member: string): [string, Case[]][] {
  return [
    [member, map(`${API}Condition`)],
    [`${member}.Attr`, element('Condition')],
    [`${member}.Attr.ComparisonOperator`, string],
    [`${member}.Attr.AttributeValueList`, list],
    ...attributeValue(`${member}.Attr.AttributeValueList.0`, element),
  ];
}

const pageMembers: [string, Case[]][] = [
  ['TableName', string],
  ['IndexName', string],
  ['Select', string],
  ['Limit', numeric('Integer')],
  ['AttributesToGet', list],
  ['AttributesToGet.0', string],
  ['ReturnConsumedCapacity', string],
  ['ConditionalOperator', string],
  ['ConsistentRead', boolean],
  ['FilterExpression', string],
  ['ProjectionExpression', string],
  ['ExclusiveStartKey', attributeMap],
  ...attributeValue('ExclusiveStartKey.Attr', element),
  ...expressionMembers,
  ...valueMembers,
];

const throughput = (path: string): [string, Case[]][] => [
  [path, field('ProvisionedThroughput')],
  [`${path}.ReadCapacityUnits`, numeric('Long')],
  [`${path}.WriteCapacityUnits`, numeric('Long')],
];

const OPERATIONS: Readonly<Record<string, readonly [path: string, cases: readonly Case[]][]>> = {
  PutItem: [...writeMembers, ['Item', attributeMap], ...attributeValue('Item.Attr', element)],
  DeleteItem: [...writeMembers, ['Key', attributeMap], ...attributeValue('Key.Attr', element)],
  UpdateItem: [
    ...writeMembers,
    ['Key', attributeMap],
    ['UpdateExpression', string],
    ['AttributeUpdates', map(`${API}AttributeValueUpdate`)],
    ['AttributeUpdates.Attr', element('AttributeValueUpdate')],
    ['AttributeUpdates.Attr.Action', string],
    ...attributeValue('AttributeUpdates.Attr.Value', field),
  ],
  GetItem: [
    ['TableName', string],
    ['Key', attributeMap],
    ...attributeValue('Key.Attr', element),
    ['AttributesToGet', list],
    ['ConsistentRead', boolean],
    ['ReturnConsumedCapacity', string],
    ['ProjectionExpression', string],
    ...expressionMembers,
  ],
  BatchGetItem: [
    ['RequestItems', map(`${API}KeysAndAttributes`)],
    ['RequestItems.Attr', element('KeysAndAttributes')],
    ['RequestItems.Attr.Keys', list],
    ['RequestItems.Attr.Keys.0', mapInList],
    ...attributeValue('RequestItems.Attr.Keys.0.Attr', element),
    ['RequestItems.Attr.AttributesToGet', list],
    ['RequestItems.Attr.ConsistentRead', boolean],
    ['RequestItems.Attr.ProjectionExpression', string],
    ['RequestItems.Attr.ExpressionAttributeNames', names],
    ['ReturnConsumedCapacity', string],
  ],
  BatchWriteItem: [
    ['RequestItems', map(`java.util.List<${API}WriteRequest>`)],
    ['RequestItems.Attr', listInMap],
    ['RequestItems.Attr.0', element('WriteRequest')],
    ['RequestItems.Attr.0.DeleteRequest', field('DeleteRequest')],
    ['RequestItems.Attr.0.DeleteRequest.Key', attributeMap],
    ...attributeValue('RequestItems.Attr.0.DeleteRequest.Key.Attr', element),
    ['RequestItems.Attr.0.PutRequest', field('PutRequest')],
    ['RequestItems.Attr.0.PutRequest.Item', attributeMap],
    ...attributeValue('RequestItems.Attr.0.PutRequest.Item.Attr', element),
    ['ReturnItemCollectionMetrics', string],
  ],
  Query: [
    ...pageMembers,
    ...conditionsAt('KeyConditions'),
    ...conditionsAt('QueryFilter'),
    ['ScanIndexForward', boolean],
    ['KeyConditionExpression', string],
  ],
  Scan: [
    ...pageMembers,
    ...conditionsAt('ScanFilter'),
    ['Segment', numeric('Integer')],
    ['TotalSegments', numeric('Integer')],
  ],
  TransactWriteItems: [
    ['TransactItems', list],
    ['TransactItems.0.Put', field('Put')],
    ['TransactItems.0.Put.Item', attributeMap],
    ...attributeValue('TransactItems.0.Put.Item.Attr', element),
    ['TransactItems.0.Update', field('Update')],
    ['TransactItems.0.Update.UpdateExpression', string],
    ['TransactItems.0.Delete.Key', attributeMap],
    ...attributeValue('TransactItems.0.Delete.Key.Attr', element),
    ['ClientRequestToken', string],
  ],
  TransactGetItems: [
    ['TransactItems', list],
    ['TransactItems.0.Get', field('Get')],
    ['TransactItems.0.Get.Key', attributeMap],
    ...attributeValue('TransactItems.0.Get.Key.Attr', element),
  ],
  CreateTable: [
    ['TableName', string],
    ['AttributeDefinitions', list],
    ['AttributeDefinitions.0', element('AttributeDefinition')],
    ['AttributeDefinitions.0.AttributeName', string],
    ['KeySchema', list],
    ['KeySchema.0', element('KeySchemaElement')],
    ['KeySchema.0.KeyType', string],
    ['BillingMode', string],
    ...throughput('ProvisionedThroughput'),
    ['LocalSecondaryIndexes', list],
    ['LocalSecondaryIndexes.0', element('LocalSecondaryIndex')],
    ['LocalSecondaryIndexes.0.Projection', field('Projection')],
    ['LocalSecondaryIndexes.0.Projection.NonKeyAttributes', list],
    ['GlobalSecondaryIndexes', list],
    ['GlobalSecondaryIndexes.0', element('GlobalSecondaryIndex')],
    ...throughput('GlobalSecondaryIndexes.0.ProvisionedThroughput'),
  ],
  UpdateTable: [
    ['TableName', string],
    ...throughput('ProvisionedThroughput'),
    ['GlobalSecondaryIndexUpdates', list],
    ['GlobalSecondaryIndexUpdates.0', element('GlobalSecondaryIndexUpdate')],
    ['GlobalSecondaryIndexUpdates.0.Update', field('UpdateGlobalSecondaryIndexAction')],
  ],
  DeleteTable: [['TableName', string]],
  DescribeTable: [['TableName', string]],
  ListTables: [
    ['Limit', numeric('Integer')],
    ['ExclusiveStartTableName', string],
  ],
  TagResource: [
    ['ResourceArn', string],
    ['Tags', list],
    ['Tags.0', element('Tag')],
  ],
  UntagResource: [
    ['ResourceArn', string],
    ['TagKeys', list],
  ],
  DescribeTimeToLive: [['TableName', string]],
  UpdateTimeToLive: [
    ['TableName', string],
    ['TimeToLiveSpecification', field('TimeToLiveSpecification')],
    ['TimeToLiveSpecification.Enabled', boolean],
  ],
};

/** A request that holds `value` at `path`, and nothing else. */
function requestWith(path: string, value: unknown): unknown {
  return path.split('.').reduceRight((inner: unknown, name) => (name === '0' ? [inner] : { [name]: inner }), value);
}

const target = new Target();

for (const [operation, members] of Object.entries(OPERATIONS)) {
  describe(`${operation} refuses JSON of the wrong type`, () => {
    for (const [path, cases] of members) {
      it(`in ${path}`, async () => {
        for (const [value, message] of cases) {
          await expectRefusal(target, operation, requestWith(path, value), `SerializationException: ${message}`);
        }
      });
    }
  });
}
