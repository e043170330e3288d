# Applies: against AWS, or the local endpoint when the environment points there (eval "$(npx tablewright env)").
# Whatever a run made is deleted at the end.

variables {
  table_name = "tftest-orders"
  hash_key   = "orderId"
  attributes = [
    { name = "orderId", type = "S" },
    { name = "customerId", type = "S" },
  ]
  global_secondary_indexes = [
    { name = "by-customer", hash_key = "customerId", projection_type = "ALL" },
  ]
}

run "defaults" {
  assert {
    condition     = output.table_billing_mode == "PAY_PER_REQUEST" && output.table_point_in_time_recovery
    error_message = "A table is on demand and restorable unless it is said otherwise."
  }
  assert {
    condition     = aws_dynamodb_table.this.server_side_encryption[0].enabled
    error_message = "A table is encrypted with a key in KMS unless it is said otherwise."
  }
  assert {
    condition     = output.table_stream_arn == null && output.lambda_access_policy_arn == null && output.backup_plan_id == null
    error_message = "What nobody asked for is not made."
  }
}

run "changed_in_place" {
  variables {
    billing_mode                = "PROVISIONED"
    read_capacity               = 3
    point_in_time_recovery      = false
    ttl_enabled                 = true
    create_read_only_policy     = true
    use_terraform_items         = true
    terraform_managed_items     = { first = { orderId = { S = "1" }, lines = { L = [{ S = "a" }] } } }
    enable_contributor_insights = true
  }

  assert {
    condition     = output.table_arn == run.defaults.table_arn && aws_dynamodb_table.this.read_capacity == 3
    error_message = "The table was not changed in place."
  }
  assert {
    condition     = alltrue([for index in aws_dynamodb_table.this.global_secondary_index : index.read_capacity == 3])
    error_message = "Indexes that name no capacity have the table's."
  }
  assert {
    condition     = !output.table_point_in_time_recovery && aws_dynamodb_table.this.ttl[0].enabled
    error_message = "Recovery or time to live were not changed."
  }
  assert {
    condition     = output.read_only_policy_arn != null && length(aws_dynamodb_table_item.static_items) == 1
    error_message = "The policy or the item is missing."
  }
}

# DynamoDB takes a change of the stream and one of the capacity only one after the other.
run "scaled_with_a_stream" {
  variables {
    billing_mode       = "PROVISIONED"
    read_capacity      = 3
    stream_enabled     = true
    enable_autoscaling = true
  }

  assert {
    condition     = output.table_arn == run.defaults.table_arn && length(aws_appautoscaling_policy.index_read) == 1
    error_message = "Table and index are not scaled in place."
  }
  assert {
    condition     = aws_appautoscaling_target.table_read[0].min_capacity == 3 && aws_dynamodb_table.this.read_capacity == 3
    error_message = "The capacity that is stated is not the minimum."
  }
  assert {
    condition     = output.table_stream_arn != null
    error_message = "The stream is missing."
  }
}
