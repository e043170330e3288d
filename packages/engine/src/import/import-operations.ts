import { tableArn } from '../catalog/arn.js';
import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import type { ControlContext } from '../control/control-context.js';
import { type CreateTableInput, checkAccountQuota, checkCreateTable } from '../control/create-table.js';
import { requestedKeyArn } from '../control/encryption.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { checkJobArn, checkTableArn, IMPORT, jobNotFound } from '../jobs/job-arn.js';
import { jobPage } from '../jobs/job-list.js';
import { describeImport, type ImportInput, type ImportRecord, NO_PROGRESS, summarizeImport } from './import-record.js';

/** Docs: LimitExceededException. */
const MAX_RUNNING = 50;

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html. Measured on AWS: a token counts
 * as long as its import is under way or its table is gone, and is compared by the table's name alone; the name of the
 * table is not reserved, and of two imports to one name one fails.
 */
export function importTable(context: ControlContext): Handler {
  return async (caller, given) => {
    const input = given as unknown;
    return { ImportTableDescription: describeImport(await begin(context, caller, input as ImportInput)) };
  };
}

async function begin(context: ControlContext, caller: Caller, input: ImportInput): Promise<ImportRecord> {
  if (context.objectStore === undefined) {
    throw new DynamoError('UnknownOperationException', 'ImportTable is not emulated without S3.');
  }
  if (input.InputFormatOptions?.Csv !== undefined && input.InputFormat !== 'CSV') {
    throw validationError(
      `Invalid Request: Unsupported InputFormatOptions for the given input format: ${input.InputFormat}.`,
    );
  }
  const table: CreateTableInput = input.TableCreationParameters;
  checkCreateTable(table, caller);
  requestedKeyArn(caller, table.SSESpecification, context.resolveKmsKey);
  return context.tables.change((changes) => {
    const known = repeated(context, caller, input);
    if (known !== undefined) return known;
    checkAccountQuota(context, table, caller);
    const created = newImport(context, changes, caller, input);
    changes.afterwards(() => context.imports.run(created));
    return created;
  });
}

/** The import that this token has begun. */
function repeated(context: ControlContext, caller: Caller, input: ImportInput): ImportRecord | undefined {
  const { TableName: name } = input.TableCreationParameters;
  const known = context.imports.jobs.ofToken(caller, input.ClientToken);
  if (known?.status !== 'IN_PROGRESS' && context.tables.find(caller, name) !== undefined) {
    throw new DynamoError('ResourceInUseException', `Table already exists: ${name}`);
  }
  if (known === undefined || known.input.TableCreationParameters.TableName === name) return known;
  throw new DynamoError(
    'ImportConflictException',
    'Import conflict: Duplicate request detected with conflicting parameters',
  );
}

function newImport(
  context: ControlContext,
  changes: CatalogWriter,
  { accountId, region }: Caller,
  input: ImportInput,
): ImportRecord {
  const { jobs } = context.imports;
  if (jobs.running().filter((job) => job.accountId === accountId).length >= MAX_RUNNING) {
    throw new DynamoError(
      'LimitExceededException',
      `Subscriber limit exceeded: Only ${MAX_RUNNING} imports can be in progress at the same time`,
    );
  }
  const startMs = context.clock.nowMs();
  const arn = tableArn({ accountId, region }, input.TableCreationParameters.TableName);
  const record: ImportRecord = {
    arn: jobs.newArn('import', arn, startMs),
    accountId,
    region,
    status: 'IN_PROGRESS',
    clientToken: input.ClientToken,
    startMs,
    tableArn: arn,
    tableId: context.random.uuid(),
    input,
    progress: NO_PROGRESS,
  };
  jobs.putIn(changes.writer, record);
  return record;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html */
export function describeImportOperation(context: ControlContext): Handler {
  return (caller, input) => {
    const arn = input.ImportArn as string;
    checkJobArn(caller, arn, IMPORT);
    const record = context.imports.jobs.find(arn);
    if (record === undefined) throw jobNotFound(IMPORT, `Import not found: ${arn}`);
    return { ImportTableDescription: describeImport(record) };
  };
}

interface ListImportsInput {
  readonly TableArn?: string;
  readonly PageSize?: number;
  readonly NextToken?: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListImports.html; those under way and failed ones, too. */
export function listImports(context: ControlContext): Handler {
  return (caller, given) => {
    const { TableArn: arn, PageSize: limit, NextToken: token } = given as ListImportsInput;
    if (arn !== undefined) checkTableArn(caller, arn);
    const all = context.imports.jobs.list(caller).filter((one) => arn === undefined || one.tableArn === arn);
    const { jobs, nextToken } = jobPage('import', all, limit, token);
    return {
      ImportSummaryList: jobs.map(summarizeImport),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  };
}
