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
  value       = var.stream_enabled ? aws_dynamodb_table.this.stream_arn : null
}

output "table_stream_label" {
  description = "Timestamp that tells the table's streams apart; null without a stream."
  value       = var.stream_enabled ? aws_dynamodb_table.this.stream_label : null
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
