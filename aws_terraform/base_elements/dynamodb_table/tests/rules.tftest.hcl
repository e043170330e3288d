# Every rule of a variable, and every rule of a combination, refuses what breaks it. Nothing is called: the provider is
# a mock (Terraform 1.7 or later). A run breaks as many variables as it can, each by one rule.

mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  table_name = "rules-table"
  hash_key   = "id"
  attributes = [{ name = "id", type = "S" }]
}

run "what_keeps_the_rules" {
  command = plan
}

# --- One variable -----------------------------------------------------------------------------------------------------

run "first_rule_of_each" {
  command = plan

  variables {
    table_name                     = "a"
    billing_mode                   = "ON_DEMAND"
    read_capacity                  = 0
    write_capacity                 = 1.5
    hash_key                       = ""
    range_key                      = ""
    table_class                    = "COLD"
    attributes                     = [{ name = "id", type = "X" }]
    global_secondary_indexes       = [for number in range(21) : { name = "index-${number}", hash_key = "id", projection_type = "ALL" }]
    local_secondary_indexes        = [for number in range(6) : { name = "index-${number}", range_key = "id", projection_type = "ALL" }]
    ttl_attribute_name             = ""
    kms_key_arn                    = "alias/key"
    point_in_time_recovery_days    = 36
    resource_policy                = "{}"
    stream_view_type               = "ALL"
    stream_lambda_functions        = { fn = { function_name = "fn", starting_position = "NOW" } }
    stream_log_retention_days      = 8
    log_kms_key_arn                = "alias/key"
    kinesis_stream_arn             = "stream"
    replica_regions                = [{ region_name = "europe" }]
    autoscaling_read_max_capacity  = 0
    autoscaling_write_max_capacity = 0
    autoscaling_read_target        = 95
    autoscaling_write_target       = 19
    autoscaling_scale_in_cooldown  = -1
    autoscaling_scale_out_cooldown = -1
    autoscaling_schedules          = { night = { schedule = "daily", read = { min_capacity = 1, max_capacity = 2 } } }
    custom_iam_policy              = "{}"
    initial_data_items             = [1]
    terraform_managed_items        = [1]
    backup_vault_kms_key_arn       = "alias/key"
    existing_backup_vault_name     = "my vault"
    backup_schedule                = "daily"
    backup_retention_days          = 0
    backup_cold_storage_after_days = 0
    backup_weekly_retention_days   = 0
    import_table                   = { bucket = "bucket", input_format = "XML" }
  }

  expect_failures = [
    var.table_name,
    var.billing_mode,
    var.read_capacity,
    var.write_capacity,
    var.hash_key,
    var.range_key,
    var.table_class,
    var.attributes,
    var.global_secondary_indexes,
    var.local_secondary_indexes,
    var.ttl_attribute_name,
    var.kms_key_arn,
    var.point_in_time_recovery_days,
    var.resource_policy,
    var.stream_view_type,
    var.stream_lambda_functions,
    var.stream_log_retention_days,
    var.log_kms_key_arn,
    var.kinesis_stream_arn,
    var.replica_regions,
    var.autoscaling_read_max_capacity,
    var.autoscaling_write_max_capacity,
    var.autoscaling_read_target,
    var.autoscaling_write_target,
    var.autoscaling_scale_in_cooldown,
    var.autoscaling_scale_out_cooldown,
    var.autoscaling_schedules,
    var.custom_iam_policy,
    var.initial_data_items,
    var.terraform_managed_items,
    var.backup_vault_kms_key_arn,
    var.existing_backup_vault_name,
    var.backup_schedule,
    var.backup_retention_days,
    var.backup_cold_storage_after_days,
    var.backup_weekly_retention_days,
    var.import_table,
  ]
}

run "second_rule_of_each" {
  command = plan

  variables {
    attributes               = [{ name = "id", type = "S" }, { name = "id", type = "N" }]
    global_secondary_indexes = [for number in range(2) : { name = "same", hash_key = "id", projection_type = "ALL" }]
    local_secondary_indexes  = [for number in range(2) : { name = "same", range_key = "id", projection_type = "ALL" }]
    stream_lambda_functions  = { fn = { function_name = "fn", starting_position = "LATEST", batch_size = 0 } }
    replica_regions          = [{ region_name = "eu-west-1" }, { region_name = "eu-west-1" }]
    autoscaling_schedules    = { night = { schedule = "rate(1 day)" } }
  }

  expect_failures = [
    var.attributes,
    var.global_secondary_indexes,
    var.local_secondary_indexes,
    var.stream_lambda_functions,
    var.replica_regions,
    var.autoscaling_schedules,
  ]
}

run "third_rule_of_each" {
  command = plan

  variables {
    global_secondary_indexes = [{ name = "index", hash_key = "id", projection_type = "SOME" }]
    local_secondary_indexes  = [{ name = "index", range_key = "id", projection_type = "SOME" }]
    stream_lambda_functions  = { fn = { function_name = "fn", starting_position = "LATEST", maximum_batching_window_in_seconds = 301 } }
  }

  expect_failures = [
    var.global_secondary_indexes,
    var.local_secondary_indexes,
    var.stream_lambda_functions,
  ]
}

run "fourth_rule_of_each" {
  command = plan

  variables {
    global_secondary_indexes = [{ name = "index", hash_key = "id", projection_type = "INCLUDE" }]
    local_secondary_indexes  = [{ name = "index", range_key = "id", projection_type = "ALL", non_key_attributes = ["a"] }]
    stream_lambda_functions  = { fn = { function_name = "fn", starting_position = "LATEST", parallelization_factor = 11 } }
  }

  expect_failures = [
    var.global_secondary_indexes,
    var.local_secondary_indexes,
    var.stream_lambda_functions,
  ]
}

run "fifth_rule_of_each" {
  command = plan

  variables {
    stream_lambda_functions = { fn = { function_name = "fn", starting_position = "LATEST", maximum_retry_attempts = 10001 } }
  }

  expect_failures = [
    var.stream_lambda_functions,
  ]
}

run "sixth_rule_of_each" {
  command = plan

  variables {
    stream_lambda_functions = { fn = { function_name = "fn", starting_position = "LATEST", maximum_record_age_in_seconds = 59 } }
  }

  expect_failures = [
    var.stream_lambda_functions,
  ]
}

run "seventh_rule_of_each" {
  command = plan

  variables {
    stream_lambda_functions = { fn = { function_name = "fn", starting_position = "LATEST", filter_pattern = "INSERT" } }
  }

  expect_failures = [
    var.stream_lambda_functions,
  ]
}

# --- Combinations -----------------------------------------------------------------------------------------------------

run "key_without_attribute" {
  command = plan

  variables {
    range_key = "other"
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "attribute_without_key" {
  command = plan

  variables {
    attributes = [{ name = "id", type = "S" }, { name = "other", type = "S" }]
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "one_key_twice" {
  command = plan

  variables {
    range_key = "id"
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "local_index_without_range_key" {
  command = plan

  variables {
    attributes              = [{ name = "id", type = "S" }, { name = "other", type = "S" }]
    local_secondary_indexes = [{ name = "index", range_key = "other", projection_type = "ALL" }]
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "key_without_encryption" {
  command = plan

  variables {
    enable_encryption = false
    kms_key_arn       = "arn:aws:kms:us-east-1:000000000000:key/1"
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "key_for_those_who_may_read" {
  command = plan

  variables {
    kms_key_arn             = "arn:aws:kms:eu-west-1:000000000000:key/1"
    create_read_only_policy = true
  }

  assert {
    condition     = contains(one(data.aws_iam_policy_document.dynamodb_read_only[0].statement[2].condition).values, "dynamodb.eu-west-1.amazonaws.com")
    error_message = "The key is not given to readers through DynamoDB."
  }
}

run "autoscaling_on_demand" {
  command = plan

  variables {
    enable_autoscaling = true
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "capacity_above_maximum" {
  command = plan

  variables {
    billing_mode       = "PROVISIONED"
    enable_autoscaling = true
    read_capacity      = 200
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "trigger_without_stream" {
  command = plan

  variables {
    enable_stream_lambda_triggers = true
    stream_lambda_functions       = { fn = { function_name = "fn", starting_position = "LATEST" } }
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "trigger_without_function" {
  command = plan

  variables {
    enable_stream_lambda_triggers = true
    stream_enabled                = true
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "kinesis_without_stream" {
  command = plan

  variables {
    enable_kinesis_destination = true
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "replica_without_both_images" {
  command = plan

  variables {
    replica_regions  = [{ region_name = "eu-west-1" }]
    stream_enabled   = true
    stream_view_type = "KEYS_ONLY"
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "replica_in_own_region" {
  command = plan

  variables {
    replica_regions = [{ region_name = "us-east-1" }]
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "plan_without_vault" {
  command = plan

  variables {
    enable_backup_plan = true
  }

  expect_failures = [aws_backup_plan.dynamodb]
}

run "cold_storage_too_short" {
  command = plan

  variables {
    backup_cold_storage_after_days = 30
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "recovery_window_without_recovery" {
  command = plan

  variables {
    point_in_time_recovery      = false
    point_in_time_recovery_days = 7
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "index_name_global_and_local" {
  command = plan

  variables {
    attributes               = [{ name = "id", type = "S" }, { name = "other", type = "S" }]
    range_key                = "other"
    global_secondary_indexes = [{ name = "index", hash_key = "other", projection_type = "ALL" }]
    local_secondary_indexes  = [{ name = "index", range_key = "other", projection_type = "ALL" }]
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "initial_item_without_key" {
  command = plan

  variables {
    populate_initial_data = true
    initial_data_items    = [{ name = { S = "a" } }]
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "maximum_of_provisioned_table" {
  command = plan

  variables {
    billing_mode         = "PROVISIONED"
    on_demand_throughput = { max_read_request_units = 10 }
  }

  expect_failures = [aws_dynamodb_table.this]
}

run "managed_item_without_key" {
  command = plan

  variables {
    use_terraform_items     = true
    terraform_managed_items = { a = { name = { S = "a" } } }
  }

  expect_failures = [aws_dynamodb_table.this]
}
