import { UserError } from '@tablewright/base';
import type { Access, GrantPlan, GrantResult } from '@tablewright/ops';
import { type Command, Option } from 'commander';
import { askYes, type CliContext } from '../cli-context.js';
import type { Target, TargetOptions } from '../target/target.js';
import { newCommand, withJson, withTarget } from './command-options.js';

interface GrantFlags extends TargetOptions {
  readonly access: Access;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const DESCRIPTION = [
  "Lets Lambda functions use a table: adds what it takes to their execution roles' permissions.",
  `One managed policy says it, for the table, its indexes, its stream and its key in KMS where it has them, and is \
attached to each function's role. Doing it again changes nothing. After indexes, a stream or a key were added or changed, \
do it again.`,
  'Functions that the Terraform module is given (lambda_function_names) have this from the module already.',
].join('\n\n');

export function grantCommand(context: CliContext): Command {
  const command = newCommand('grant', 'let Lambda functions use a table', [
    'tablewright grant users-table order-processing-lambda',
    'tablewright grant users-table "lambda1,lambda2" --access read',
    'tablewright grant users-table lambda1 --dry-run            # only show the policy',
  ])
    .summary('let Lambda functions use a table')
    .description(DESCRIPTION)
    .argument('<table>', 'name of the table')
    .argument('<functions...>', 'names of Lambda functions, parted by commas or spaces')
    .addOption(
      new Option('--access <kind>', 'what they may do').choices(['read', 'write', 'read-write']).default('read-write'),
    )
    .option('--dry-run', 'show the policy and the roles, and change nothing')
    .option('-y, --yes', 'do not ask (a local target is never asked about)');
  return withJson(withTarget(command)).action((table: string, functions: string[], flags: GrantFlags) =>
    runGrant(context, table, functions, flags),
  );
}

async function runGrant(context: CliContext, table: string, words: string[], flags: GrantFlags): Promise<void> {
  const [{ grantAccess }, { onTarget }] = await Promise.all([
    import('@tablewright/ops'),
    import('../target/open-target.js'),
  ]);
  const functions = words.flatMap((word) => word.split(',')).map((name) => name.trim());
  await onTarget(context, flags, async ({ connection, target }) => {
    const result = await grantAccess(connection, {
      table,
      functions: functions.filter((name) => name !== ''),
      access: flags.access,
      dryRun: flags.dryRun === true,
      confirm: (plan) => confirm(context, target, plan, flags),
    });
    if (flags.json) return context.output.json(result);
    if (flags.dryRun === true) return context.output.line(planText(result));
    showResult(context, result);
  });
}

async function confirm(context: CliContext, target: Target, plan: GrantPlan, flags: GrantFlags): Promise<boolean> {
  if (flags.yes === true || target.kind === 'local') return true;
  if (!context.interactive) {
    throw new UserError('nobody is here to confirm the grant', 'Give --yes when no terminal is there.');
  }
  context.output.note(planText(plan));
  if (await askYes(context, 'Do you want to attach this policy?')) return true;
  throw new UserError('grant cancelled', 'Nothing was changed.');
}

function planText({ policyName, document, roles }: GrantPlan): string {
  const holders = roles.map(({ role, functions }) => `  ${role} (${functions.join(', ')})`).join('\n');
  return `Policy ${policyName}:\n${JSON.stringify(document, null, 2)}\nfor the roles:\n${holders}`;
}

function showResult({ output }: CliContext, { policy, policyArn, grants, table, access }: GrantResult): void {
  output.line(`Policy ${policyArn} ${policy}.`);
  for (const { role, functions, attached } of grants) {
    const done = attached ? 'attached to' : 'was attached already to';
    output.line(`  ${done} role ${role} (${functions.join(', ')})`);
  }
  const count = new Set(grants.flatMap(({ functions }) => functions)).size;
  output.line(`${count} ${count === 1 ? 'function has' : 'functions have'} ${access} access to ${table}.`);
}
