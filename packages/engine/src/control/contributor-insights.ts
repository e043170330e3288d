import type { CatalogWriter } from '../catalog/catalog.js';
import type { InsightsMode, InsightsRecord, KeySchemaElement, TableRecord } from '../catalog/table-record.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { contributorRules, ruleNames } from '../insights/index.js';
import type { ControlContext } from './control-context.js';
import { epochSeconds, withoutUndefined } from './describe-table.js';
import { assertAccessible, knownTable } from './table-errors.js';

// The settings of contributor insights; what is counted, and where that is reported from, is in `insights/`. Keys are
// counted from the answer to ENABLE on, not only once it is ENABLED.

/** Default quota of rules in an account and region (observed: a whole set of rules fits, or none is made). */
const MAX_RULES = 100;
const PAGE = 100;
const DEFAULT_MODE: InsightsMode = 'ACCESSED_AND_THROTTLED_KEYS';
const NO_ROOM = {
  ExceptionName: 'LimitExceededException',
  ExceptionDescription:
    'Amazon CloudWatch Contributor Insights rule limit reached. Please disable Contributor Insights for other ' +
    'tables/indexes OR disable other CloudWatch Contributor Insights rules before retrying.',
};

/** A table, or one of its global indexes. */
interface Subject {
  readonly table: TableRecord;
  readonly indexName: string | undefined;
  readonly keySchema: readonly KeySchemaElement[];
  readonly insights: InsightsRecord | undefined;
}

type Status = 'ENABLING' | 'ENABLED' | 'DISABLING' | 'DISABLED' | 'FAILED';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html */
export function updateContributorInsights(context: ControlContext): Handler {
  return async (caller, input) => {
    const { TableName, IndexName, ContributorInsightsAction, ContributorInsightsMode } = input as {
      TableName: string;
      IndexName?: string;
      ContributorInsightsAction: 'ENABLE' | 'DISABLE';
      ContributorInsightsMode?: InsightsMode;
    };
    return context.tables.change((changes) => {
      const subject = subjectOf(knownTable(context.tables, caller, TableName), IndexName);
      assertActive(subject);
      const next =
        ContributorInsightsAction === 'ENABLE'
          ? enabled(context, changes, subject, ContributorInsightsMode ?? DEFAULT_MODE)
          : disabled(context, subject);
      const isChange = next !== undefined && next !== subject.insights;
      if (isChange) changes.put(withInsights(subject, next));
      return withoutUndefined({
        TableName: subject.table.name,
        IndexName,
        // What takes no time still says first what it is about to do.
        ContributorInsightsStatus: isChange ? doing(next) : statusOf(next, context.clock.nowMs()),
        ContributorInsightsMode: next?.mode,
      });
    });
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContributorInsights.html */
export function describeContributorInsights(context: ControlContext): Handler {
  return (caller, input) => {
    const indexName = input.IndexName as string | undefined;
    const subject = subjectOf(knownTable(context.tables, caller, input.TableName as string), indexName);
    const { table, insights } = subject;
    const status = statusOf(insights, context.clock.nowMs());
    const hasFailed = insights?.state === 'FAILED' && status === 'FAILED';
    return withoutUndefined({
      TableName: table.name,
      IndexName: indexName,
      ContributorInsightsRuleList: status === 'ENABLED' ? ruleNames(table, subject, indexName) : undefined,
      ContributorInsightsStatus: status,
      LastUpdateDateTime: insights && epochSeconds(lastUpdateMs(insights, context.clock.nowMs())),
      FailureException: hasFailed ? NO_ROOM : undefined,
      ContributorInsightsMode: insights?.mode,
    });
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListContributorInsights.html; none that is DISABLED. */
export function listContributorInsights(context: ControlContext): Handler {
  return (caller, input) => {
    const tableName = input.TableName as string | undefined;
    const tables =
      tableName === undefined ? context.tables.list(caller) : [knownTable(context.tables, caller, tableName)];
    const summaries = tables.flatMap((table) =>
      [undefined, ...table.globalIndexes.map((index) => index.name)]
        .map((indexName) => subjectOf(table, indexName))
        .filter(({ insights }) => statusOf(insights, context.clock.nowMs()) !== 'DISABLED')
        .map((subject) => summary(subject, context.clock.nowMs())),
    );
    const start = pageStart(input.NextToken as string | undefined);
    const page = summaries.slice(start, start + ((input.MaxResults as number | undefined) ?? PAGE));
    const next = start + page.length;
    return {
      ContributorInsightsSummaries: page,
      ...(next < summaries.length && { NextToken: Buffer.from(String(next)).toString('base64') }),
    };
  };
}

function summary({ table, indexName, insights }: Subject, nowMs: number): Record<string, unknown> {
  return withoutUndefined({
    TableName: table.name,
    IndexName: indexName,
    ContributorInsightsStatus: statusOf(insights, nowMs),
    ContributorInsightsMode: insights?.mode,
  });
}

function pageStart(token: string | undefined): number {
  if (token === undefined) return 0;
  const start = Number(Buffer.from(token, 'base64').toString('latin1'));
  if (!Number.isInteger(start) || start < 0) throw validationError('The provided NextToken is invalid');
  return start;
}

/** Local indexes have none of their own, and are not found. */
function subjectOf(table: TableRecord, indexName: string | undefined): Subject {
  if (indexName === undefined) {
    return { table, indexName, keySchema: table.keySchema, insights: table.insights };
  }
  const index = table.globalIndexes.find(({ name }) => name === indexName);
  if (index !== undefined) return { table, indexName, keySchema: index.keySchema, insights: index.insights };
  throw new DynamoError(
    'ResourceNotFoundException',
    `Requested resource not found: Index: ${indexName} not found for table: ${table.name}`,
  );
}

function withInsights({ table, indexName }: Subject, insights: InsightsRecord): TableRecord {
  if (indexName === undefined) return { ...table, insights };
  const globalIndexes = table.globalIndexes.map((index) => (index.name === indexName ? { ...index, insights } : index));
  return { ...table, globalIndexes };
}

/** Those of a table that is being updated or deleted can be changed. */
function assertActive({ table, indexName }: Subject): void {
  assertAccessible(table);
  const what =
    table.status === 'CREATING'
      ? 'TableStatus'
      : table.globalIndexes.some(({ name, status }) => name === indexName && status === 'CREATING')
        ? 'IndexStatus'
        : undefined;
  if (what === undefined) return;
  throw validationError(
    `Table or Index is not in a valid state to update Key Access Insights: ${what} must be ACTIVE to enable ` +
      'ContributorInsights.',
  );
}

/** The same mode again changes nothing; another one takes rules away, or adds them, and leaves the others. */
function enabled(
  context: ControlContext,
  changes: CatalogWriter,
  subject: Subject,
  mode: InsightsMode,
): InsightsRecord {
  const current = subject.insights;
  if (current?.state === 'ENABLED' && current.mode === mode) return current;
  const timing = changing(context);
  const createdMs = current?.rules?.createdMs ?? timing.changedMs;
  const rules = current?.rules ?? { createdMs, storageNumber: changes.nextStorageNumber() };
  const next: InsightsRecord = { mode, state: 'ENABLED', ...timing, rules };
  const added = ruleNames(subject.table, { ...subject, insights: next }, subject.indexName);
  const others = contributorRules(context.tables, subject.table).filter(
    ({ storageNumber }) => storageNumber !== rules.storageNumber,
  );
  return others.length + added.length <= MAX_RULES ? next : { mode, state: 'FAILED', ...timing };
}

function disabled(context: ControlContext, { insights }: Subject): InsightsRecord | undefined {
  if (insights === undefined || insights.state === 'DISABLED') return insights;
  return { mode: insights.mode, state: 'DISABLED', ...changing(context) };
}

function changing({ clock, transitionDelayMs }: ControlContext): { changedMs: number; settlesMs?: number } {
  const changedMs = clock.nowMs();
  return { changedMs, ...(transitionDelayMs > 0 && { settlesMs: changedMs + transitionDelayMs }) };
}

function doing({ state }: InsightsRecord): Status {
  return state === 'DISABLED' ? 'DISABLING' : 'ENABLING';
}

function statusOf(insights: InsightsRecord | undefined, nowMs: number): Status {
  if (insights === undefined) return 'DISABLED';
  return insights.settlesMs === undefined || nowMs >= insights.settlesMs ? insights.state : doing(insights);
}

function lastUpdateMs({ changedMs, settlesMs }: InsightsRecord, nowMs: number): number {
  return settlesMs !== undefined && nowMs >= settlesMs ? settlesMs : changedMs;
}
