import { defined } from '@tablewright/base';
import { activeDestination } from '../kinesis/destination-record.js';
import { tableArn } from './arn.js';
import type {
  KeyAttribute,
  KeyInsights,
  KeySchema,
  Projection,
  Table,
  TableIndex,
  TableJournal,
  TableReplication,
  TableTimeToLive,
  ThroughputLimits,
  VectorIndex,
} from './table.js';
import type {
  GlobalIndexRecord,
  IndexRecord,
  InsightsRecord,
  KeySchemaElement,
  ProjectionRecord,
  ReplicationRecord,
  TableRecord,
  TimeToLiveRecord,
  VectorIndexRecord,
} from './table-record.js';

/** The data plane's view of a table record. */
export function tableFromRecord(record: TableRecord): Table {
  const arn = tableArn(record, record.name);
  const kinesis = activeDestination(record);
  const index = (
    kind: 'GSI' | 'LSI',
    from: IndexRecord,
    status: TableIndex['status'],
    throughput?: ThroughputLimits,
    counted?: KeyInsights,
  ): TableIndex => ({
    name: from.name,
    arn: `${arn}/index/${from.name}`,
    kind,
    storageNumber: from.storageNumber,
    keys: keySchema(record, from.keySchema),
    projection: projection(from.projection),
    status,
    ...(throughput !== undefined && { throughput }),
    ...(counted !== undefined && { insights: counted }),
  });
  const counted = insights(record.insights);
  return {
    name: record.name,
    arn,
    id: record.id,
    accountId: record.accountId,
    region: record.region,
    storageNumber: record.storageNumber,
    status: record.status,
    keys: keySchema(record, record.keySchema),
    indexes: [
      ...record.localIndexes.map((local) => index('LSI', local, 'ACTIVE')),
      ...record.globalIndexes.map((global) =>
        index('GSI', global, global.status, limits(record, global), insights(global.insights)),
      ),
    ],
    ...(record.vectorIndexes !== undefined && {
      vectorIndexes: record.vectorIndexes.map((from) => vectorIndex(record, arn, from)),
    }),
    throughput: limits(record, record),
    ...(record.inaccessible !== undefined && { fault: record.inaccessible.message }),
    ...(record.stream?.enabled === true && { stream: { storageNumber: record.stream.storageNumber } }),
    ...(kinesis !== undefined && { kinesis }),
    ...(record.timeToLive?.enabled === true && { timeToLive: timeToLive(record.timeToLive) }),
    ...journal(record),
    ...(record.replication !== undefined && { replication: replication(record.replication) }),
    ...(counted !== undefined && { insights: counted }),
    hasInsights: [record, ...record.globalIndexes].some((holder) => holder.insights?.rules !== undefined),
  };
}

function limits(
  { billingMode }: TableRecord,
  { throughput, onDemand }: Pick<GlobalIndexRecord, 'throughput' | 'onDemand'>,
): ThroughputLimits {
  if (billingMode === 'PROVISIONED') {
    return { mode: 'PROVISIONED', readUnits: throughput.readUnits, writeUnits: throughput.writeUnits };
  }
  const { MaxReadRequestUnits: readUnits, MaxWriteRequestUnits: writeUnits } = onDemand ?? {};
  return { mode: 'ON_DEMAND', readUnits, writeUnits };
}

function insights(record: InsightsRecord | undefined): KeyInsights | undefined {
  if (record?.rules === undefined) return undefined;
  const { storageNumber } = record.rules;
  return { storageNumber, isAccessCounted: record.mode === 'ACCESSED_AND_THROTTLED_KEYS' };
}

function timeToLive({ attributeName, storageNumber }: TimeToLiveRecord): TableTimeToLive {
  return { attributeName, storageNumber };
}

function journal({ pointInTimeRecovery, latestPin }: TableRecord): { journal?: TableJournal } {
  if (pointInTimeRecovery !== undefined) return { journal: { timeIndex: pointInTimeRecovery.storageNumber } };
  return latestPin === undefined ? {} : { journal: { latestPin: Buffer.from(latestPin, 'hex').toString('latin1') } };
}

function replication({ versions, deletions, peers, strong }: ReplicationRecord): TableReplication {
  return { versions, deletions, queues: peers.map((peer) => peer.queue), isStrong: strong !== undefined };
}

function vectorIndex(record: TableRecord, tableArn: string, from: VectorIndexRecord): VectorIndex {
  const { name, storageNumber, vectorAttribute, dimensions, distanceFunction, status, searchSchema = [] } = from;
  const ofType = (type: string): KeyAttribute[] =>
    searchSchema
      .filter((element) => element.SearchSchemaElementType === type)
      .map(({ AttributeName }) => keyAttribute(record, AttributeName));
  return {
    name,
    arn: `${tableArn}/index/${name}`,
    storageNumber,
    vectorAttribute,
    dimensions,
    distanceFunction,
    hash: ofType('HASH')[0],
    filters: ofType('INLINE_FILTER'),
    projection: projection(from.projection),
    status,
    isFilling: from.backfilledTo !== undefined,
  };
}

function keySchema(record: TableRecord, elements: readonly KeySchemaElement[]): KeySchema {
  const ofType = (keyType: string): KeyAttribute[] =>
    elements
      .filter((element) => element.KeyType === keyType)
      .map(({ AttributeName: name }) => keyAttribute(record, name));
  return { hash: ofType('HASH'), range: ofType('RANGE') };
}

function keyAttribute(record: TableRecord, name: string): KeyAttribute {
  const definition = record.attributes.find((attribute) => attribute.AttributeName === name);
  return { name, type: defined(definition, `attribute definition of ${name}`).AttributeType };
}

function projection(from: ProjectionRecord): Projection {
  if (from.ProjectionType !== 'INCLUDE') return { type: from.ProjectionType };
  return { type: 'INCLUDE', attributes: from.NonKeyAttributes ?? [] };
}
