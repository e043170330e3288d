import type { Catalog } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import type { InsightsRecord, KeySchemaElement, TableRecord } from '../catalog/table-record.js';
import type { TallyKind } from './stored-tally.js';

/** A rule of CloudWatch's contributor insights that DynamoDB has made. */
export interface ContributorRule {
  readonly name: string;
  /** What identifies a contributor. */
  readonly keyLabels: readonly ('PartitionKey' | 'SortKey')[];
  /** What is added up. */
  readonly value: 'ConsumedThroughputUnits' | 'ThrottleCount';
  /** Where its counts are. */
  readonly storageNumber: number;
  readonly kind: TallyKind;
}

interface Holder {
  readonly keySchema: readonly KeySchemaElement[];
  readonly insights?: InsightsRecord;
}

/** In AWS's order. */
const KINDS: readonly { readonly letters: string; readonly kind: TallyKind }[] = [
  { letters: 'PKC', kind: 'PC' },
  { letters: 'PKT', kind: 'PT' },
  { letters: 'SKC', kind: 'SC' },
  { letters: 'SKT', kind: 'ST' },
];

/** The rules in an account and region. */
export function contributorRules(tables: Catalog, place: Caller): ContributorRule[] {
  return tables
    .list(place)
    .flatMap((table) => [
      ...rulesOf(table.name, table),
      ...table.globalIndexes.flatMap((index) => rulesOf(resourceName(table, index.name), index)),
    ]);
}

/** The names of the rules of a table, or of one of its indexes. */
export function ruleNames(table: TableRecord, holder: Holder, indexName: string | undefined): string[] {
  return rulesOf(resourceName(table, indexName), holder).map((rule) => rule.name);
}

function resourceName(table: TableRecord, indexName: string | undefined): string {
  return indexName === undefined ? table.name : `${table.name}-${indexName}`;
}

function rulesOf(resource: string, { keySchema, insights }: Holder): ContributorRule[] {
  if (insights?.rules === undefined) return [];
  const { mode, rules } = insights;
  const hasRange = keySchema.some(({ KeyType }) => KeyType === 'RANGE');
  return KINDS.filter(
    ({ kind }) => (hasRange || kind[0] === 'P') && (mode !== 'THROTTLED_KEYS' || kind[1] === 'T'),
  ).map(({ letters, kind }) => ({
    name: `DynamoDBContributorInsights-${letters}-${resource}-${rules.createdMs}`,
    keyLabels: kind[0] === 'P' ? ['PartitionKey'] : ['PartitionKey', 'SortKey'],
    value: kind[1] === 'C' ? 'ConsumedThroughputUnits' : 'ThrottleCount',
    storageNumber: rules.storageNumber,
    kind,
  }));
}
