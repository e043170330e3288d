import type { CheckStatus, ValidationReport } from '@tablewright/ops';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import type { Output } from '../output/output.js';
import type { TargetOptions } from '../target/target.js';
import { newCommand, withJson, withTarget } from './command-options.js';

export function validateCommand(context: CliContext): Command {
  const command = newCommand('validate', 'check that a table is set up as a production table should be', [
    'tablewright validate users-table',
    'tablewright validate users-table --target aws --region eu-west-1',
    'tablewright validate users-table --json | jq \'.checks[] | select(.status == "warn")\'',
  ])
    .argument('<table>', 'name of the table')
    .addHelpText('after', '\nExit code: 0 when no check fails (warnings do not count), 1 when one does.');
  return withJson(withTarget(command)).action((table: string, flags: TargetOptions & { json?: boolean }) =>
    runValidate(context, table, flags),
  );
}

async function runValidate(
  context: CliContext,
  table: string,
  flags: TargetOptions & { json?: boolean },
): Promise<void> {
  const [{ validateTable }, { onTarget }] = await Promise.all([
    import('@tablewright/ops'),
    import('../target/open-target.js'),
  ]);
  await onTarget(context, flags, async ({ connection }) => {
    const report = await validateTable(connection, table);
    if (flags.json) context.output.json(report);
    else showReport(context.output, report);
    if (!report.ok) context.setExitCode(1);
  });
}

/** Prints a line per check, and the remedy below each that asks for one. */
export function showReport(output: Output, report: ValidationReport): void {
  const { style } = output;
  const marks: Record<CheckStatus, string> = {
    pass: style.green('pass'),
    warn: style.yellow('warn'),
    fail: style.red('FAIL'),
    info: style.dim('info'),
  };
  const width = Math.max(...report.checks.map((check) => check.title.length));
  for (const check of report.checks) {
    output.line(`  ${marks[check.status]}  ${check.title.padEnd(width)}  ${check.detail}`);
    if (check.remedy !== undefined) output.line(`  ${' '.repeat(width + 6)}  ${style.dim(`→ ${check.remedy}`)}`);
  }
  const { pass, warn, fail } = report.counts;
  const verdict = report.ok ? style.green('valid') : style.red('not valid');
  output.line(
    `${report.table} is ${verdict}: ${pass} passed, ${warn} ${warn === 1 ? 'warning' : 'warnings'}, ${fail} failed.`,
  );
}
