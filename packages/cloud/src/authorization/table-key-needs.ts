import type { Need } from '../kernel/identity-port.js';
import type { TableFacts } from './table-facts.js';

/** Actions for which DynamoDB opens the table's key: those that read or write items. */
const OPENING = new Set(
  [
    ...['GetItem', 'BatchGetItem', 'Query', 'Scan', 'ConditionCheckItem', 'GetRecords'],
    ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
    ...['PartiQLSelect', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'],
  ].map((name) => `dynamodb:${name}`),
);

/**
 * What the same principal needs besides, where items lie in tables with a customer managed key: DynamoDB asks KMS to
 * decrypt the table's key in its name, for a write as for a read. Keys that AWS manages let everybody in by their policy.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
 */
export function tableKeyNeeds(needs: readonly Need[], facts: TableFacts, callerAccount: string): readonly Need[] {
  const keys = new Map<string, Need>();
  for (const { action, resource } of needs) {
    if (!OPENING.has(action)) continue;
    const [, , , region = '', accountId = '', path = ''] = resource.split(':', 6);
    const table = path.split('/')[1] ?? '';
    const key = facts.customerKey({ accountId, region }, table);
    if (key === undefined) continue;
    const context = {
      'kms:ViaService': `dynamodb.${region}.amazonaws.com`,
      'kms:CallerAccount': callerAccount,
      'kms:EncryptionContextKeys': ['aws:dynamodb:tableName', 'aws:dynamodb:subscriberId'],
      'kms:EncryptionContext:aws:dynamodb:tableName': table,
      'kms:EncryptionContext:aws:dynamodb:subscriberId': accountId,
    };
    keys.set(`${key} ${table}`, { action: 'kms:Decrypt', resource: key, context });
  }
  return [...keys.values()];
}
