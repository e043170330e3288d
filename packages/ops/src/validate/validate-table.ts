import type { Connection } from '../connection/connection.js';
import { findTable } from '../connection/describe-table.js';
import type { CheckResult, CheckStatus, ValidationReport } from './check-result.js';
import { runChecks } from './checks.js';
import { readTableFacts } from './table-facts.js';

/**
 * Checks that a table exists, serves requests, and is set up as a production table should be. A missing table is a
 * failed check, not an error; an endpoint that is down is an error.
 */
export async function validateTable(connection: Connection, table: string): Promise<ValidationReport> {
  const description = await findTable(connection, table);
  const checks: CheckResult[] =
    description === undefined ? [missing(connection, table)] : runChecks(await readTableFacts(connection, description));
  const count = (status: CheckStatus): number => checks.filter((check) => check.status === status).length;
  const counts = { pass: count('pass'), warn: count('warn'), fail: count('fail'), info: count('info') };
  return { table, region: connection.region, endpoint: connection.endpoint, ok: counts.fail === 0, counts, checks };
}

function missing(connection: Connection, table: string): CheckResult {
  return {
    id: 'status',
    title: 'Status',
    status: 'fail',
    detail: `there is no table "${table}" in ${connection.region}`,
    remedy: 'Deploy it (tablewright deploy ENV CONFIG), or check the name, the region and the target.',
  };
}
