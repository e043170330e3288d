import { UserError } from '@tablewright/base';
import type { VariableName, Variables } from '../schema/variables.js';

/** A part of the module that `tablewright` does not deploy yet. */
export interface UnsupportedPart {
  readonly variable: VariableName;
  /** The addresses that Terraform would make for it. */
  readonly addresses: readonly string[];
}

/** What the configuration asks for and this engine cannot deploy. */
export function unsupportedParts(values: Variables): readonly UnsupportedPart[] {
  const parts: UnsupportedPart[] = [];
  const ask = (asked: boolean, variable: VariableName, ...addresses: string[]): void => {
    if (asked) parts.push({ variable, addresses });
  };
  const policy = 'aws_iam_policy';
  ask(values.replica_regions.length > 0, 'replica_regions', 'aws_dynamodb_table.this (replica)');
  ask(values.enable_autoscaling, 'enable_autoscaling', ...scalingAddresses(values));
  ask(
    values.create_lambda_access_policy,
    'create_lambda_access_policy',
    `${policy}.lambda_dynamodb_access`,
    'aws_iam_role_policy_attachment.lambda_dynamodb_access',
  );
  ask(values.create_read_only_policy, 'create_read_only_policy', `${policy}.dynamodb_read_only`);
  ask(values.create_write_only_policy, 'create_write_only_policy', `${policy}.dynamodb_write_only`);
  ask(values.custom_iam_policy !== null, 'custom_iam_policy', `${policy}.custom`);
  ask(
    values.enable_stream_lambda_triggers,
    'enable_stream_lambda_triggers',
    'aws_lambda_event_source_mapping.dynamodb_stream',
  );
  ask(values.create_stream_log_group, 'create_stream_log_group', 'aws_cloudwatch_log_group.stream_processing');
  ask(
    values.enable_kinesis_destination,
    'enable_kinesis_destination',
    'aws_dynamodb_kinesis_streaming_destination.this',
  );
  ask(values.enable_backup_vault, 'enable_backup_vault', 'aws_backup_vault.dynamodb');
  ask(
    values.enable_backup_plan,
    'enable_backup_plan',
    'aws_backup_plan.dynamodb',
    'aws_backup_selection.dynamodb',
    'aws_iam_role.backup',
  );
  ask(values.create_manual_backup, 'create_manual_backup', 'terraform_data.manual_backup');
  ask(values.populate_initial_data, 'populate_initial_data', 'terraform_data.initial_data');
  ask(values.resource_policy !== null, 'resource_policy', 'aws_dynamodb_resource_policy.this');
  ask(
    values.enable_contributor_insights,
    'enable_contributor_insights',
    'aws_dynamodb_contributor_insights.table',
    'aws_dynamodb_contributor_insights.index',
  );
  const schedules = Object.keys(values.autoscaling_schedules);
  ask(schedules.length > 0, 'autoscaling_schedules', 'aws_appautoscaling_scheduled_action.table');
  // Settings of the table itself.
  const table = 'aws_dynamodb_table.this';
  const indexLimits = values.global_secondary_indexes.some((index) => index.on_demand_throughput !== null);
  ask(values.point_in_time_recovery_days !== null, 'point_in_time_recovery_days', table);
  ask(values.on_demand_throughput !== null, 'on_demand_throughput', table);
  ask(indexLimits, 'global_secondary_indexes', `${table} (on_demand_throughput of an index)`);
  ask(values.restore_source_name !== null, 'restore_source_name', table);
  ask(values.restore_source_table_arn !== null, 'restore_source_table_arn', table);
  ask(values.import_table !== null, 'import_table', table);
  ask(values.timeouts !== null, 'timeouts', table);
  return parts;
}

/**
 * Fails when the configuration asks for what cannot be deployed; nothing is ever left out silently.
 * With `targets`, parts count only when a target names one of their addresses.
 */
export function refuseUnsupported(values: Variables, targets: readonly string[] = []): void {
  const isAsked = (address: string): boolean =>
    targets.length === 0 || targets.some((target) => address.split(' ')[0] === target);
  const parts = unsupportedParts(values).filter((part) => part.addresses.some(isAsked));
  if (parts.length === 0) return;
  const lines = parts.map(({ variable, addresses }) => `  ${variable} asks for ${addresses.join(', ')}`);
  const remedy =
    'Deploy this configuration with terraform apply, or switch these variables off; items are loaded with ' +
    'tablewright populate.';
  throw new UserError(`tablewright apply does not handle these resources yet:\n${lines.join('\n')}`, remedy);
}

function scalingAddresses(values: Variables): readonly string[] {
  const kinds = ['aws_appautoscaling_target', 'aws_appautoscaling_policy'];
  const names = values.global_secondary_indexes.length > 0 ? ['table', 'index'] : ['table'];
  return kinds.flatMap((kind) => names.flatMap((name) => [`${kind}.${name}_read`, `${kind}.${name}_write`]));
}
