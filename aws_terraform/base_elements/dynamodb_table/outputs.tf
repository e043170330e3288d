output "table_id" {
  description = "Name of the table, which is its identifier in the provider."
  value       = aws_dynamodb_table.this.id
}

output "table_arn" {
  description = "ARN of the table."
  value       = aws_dynamodb_table.this.arn
}

output "table_name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.this.name
}

output "table_stream_arn" {
  description = "ARN of the table's stream; null without one."
  value       = local.stream_enabled ? aws_dynamodb_table.this.stream_arn : null
}

output "table_stream_label" {
  description = "Timestamp that tells the table's streams apart; null without a stream."
  value       = local.stream_enabled ? aws_dynamodb_table.this.stream_label : null
}

output "table_hash_key" {
  description = "Attribute that is the hash key."
  value       = aws_dynamodb_table.this.hash_key
}

output "table_range_key" {
  description = "Attribute that is the range key; null without one."
  value       = var.range_key == null ? null : aws_dynamodb_table.this.range_key
}

output "table_billing_mode" {
  description = "PAY_PER_REQUEST or PROVISIONED."
  value       = aws_dynamodb_table.this.billing_mode
}

output "table_deletion_protection" {
  description = "Whether DynamoDB refuses to delete the table."
  value       = aws_dynamodb_table.this.deletion_protection_enabled
}

output "table_point_in_time_recovery" {
  description = "Whether the table can be restored to any second of its recovery window."
  value       = aws_dynamodb_table.this.point_in_time_recovery[0].enabled
}

output "lambda_access_policy_arn" {
  description = "ARN of the Lambda access policy; null without one."
  value       = one(aws_iam_policy.lambda_dynamodb_access[*].arn)
}

output "lambda_access_policy_name" {
  description = "Name of the Lambda access policy; null without one."
  value       = one(aws_iam_policy.lambda_dynamodb_access[*].name)
}

output "read_only_policy_arn" {
  description = "ARN of the read-only policy; null without one."
  value       = one(aws_iam_policy.dynamodb_read_only[*].arn)
}

output "write_only_policy_arn" {
  description = "ARN of the write-only policy; null without one."
  value       = one(aws_iam_policy.dynamodb_write_only[*].arn)
}

output "custom_policy_arn" {
  description = "ARN of the custom policy; null without one."
  value       = one(aws_iam_policy.custom[*].arn)
}

output "autoscaling_read_target_id" {
  description = "Resource that the table's read capacity is scaled as; null without auto scaling."
  value       = one(aws_appautoscaling_target.table_read[*].id)
}

output "autoscaling_write_target_id" {
  description = "Resource that the table's write capacity is scaled as; null without auto scaling."
  value       = one(aws_appautoscaling_target.table_write[*].id)
}

output "autoscaling_read_policy_name" {
  description = "Name of the policy that scales the table's read capacity; null without auto scaling."
  value       = one(aws_appautoscaling_policy.table_read[*].name)
}

output "autoscaling_write_policy_name" {
  description = "Name of the policy that scales the table's write capacity; null without auto scaling."
  value       = one(aws_appautoscaling_policy.table_write[*].name)
}

output "backup_vault_arn" {
  description = "ARN of the backup vault; null without one of its own."
  value       = one(aws_backup_vault.dynamodb[*].arn)
}

output "backup_vault_name" {
  description = "Name of the vault that backups go to; null without one."
  value       = local.backup_vault_name
}

output "backup_plan_id" {
  description = "Id of the backup plan; null without one."
  value       = one(aws_backup_plan.dynamodb[*].id)
}

output "backup_plan_arn" {
  description = "ARN of the backup plan; null without one."
  value       = one(aws_backup_plan.dynamodb[*].arn)
}

output "backup_selection_id" {
  description = "Id of the selection that puts the table under the backup plan; null without one."
  value       = one(aws_backup_selection.dynamodb[*].id)
}

output "stream_lambda_mappings" {
  description = "Event source mappings of the stream, by the names in stream_lambda_functions: uuid, arn and function."
  value       = { for name, mapping in aws_lambda_event_source_mapping.dynamodb_stream : name => { uuid = mapping.uuid, arn = mapping.arn, function_arn = mapping.function_arn } }
}

output "stream_log_group_name" {
  description = "Name of the stream log group; null without one."
  value       = one(aws_cloudwatch_log_group.stream_processing[*].name)
}

output "stream_log_group_arn" {
  description = "ARN of the stream log group; null without one."
  value       = one(aws_cloudwatch_log_group.stream_processing[*].arn)
}

output "kinesis_destination_status" {
  description = "ENABLED when changes go to a Kinesis data stream; DISABLED otherwise."
  value       = length(aws_dynamodb_kinesis_streaming_destination.this) > 0 ? "ENABLED" : "DISABLED"
}

output "replica_regions" {
  description = "Regions that have a replica of the table."
  value       = [for replica in aws_dynamodb_table.this.replica : replica.region_name]
}
