# --- Lambda triggers ------------------------------------------------------------------------------------------------

resource "aws_lambda_event_source_mapping" "dynamodb_stream" {
  for_each = var.enable_stream_lambda_triggers ? var.stream_lambda_functions : {}

  event_source_arn                   = aws_dynamodb_table.this.stream_arn
  function_name                      = each.value.function_name
  starting_position                  = each.value.starting_position
  enabled                            = each.value.enabled
  batch_size                         = each.value.batch_size
  maximum_batching_window_in_seconds = each.value.maximum_batching_window_in_seconds
  parallelization_factor             = each.value.parallelization_factor
  maximum_retry_attempts             = each.value.maximum_retry_attempts
  maximum_record_age_in_seconds      = each.value.maximum_record_age_in_seconds
  bisect_batch_on_function_error     = each.value.bisect_batch_on_function_error
  function_response_types            = each.value.report_batch_item_failures ? ["ReportBatchItemFailures"] : null
  tumbling_window_in_seconds         = each.value.tumbling_window_in_seconds

  dynamic "destination_config" {
    for_each = each.value.on_failure_destination[*]

    content {
      on_failure {
        destination_arn = destination_config.value
      }
    }
  }

  dynamic "filter_criteria" {
    for_each = each.value.filter_pattern[*]

    content {
      filter {
        pattern = filter_criteria.value
      }
    }
  }

  tags = local.tags

  # Lambda checks, when the mapping is made, that the function's role may read the stream.
  depends_on = [aws_iam_role_policy_attachment.lambda_dynamodb_access]
}

# --- A log group for whatever processes the stream ------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "stream_processing" {
  count = var.create_stream_log_group ? 1 : 0

  name              = "/aws/dynamodb/${var.table_name}/stream"
  retention_in_days = var.stream_log_retention_days
  kms_key_id        = var.log_kms_key_arn
  tags              = local.tags
}

# --- Kinesis --------------------------------------------------------------------------------------------------------

resource "aws_dynamodb_kinesis_streaming_destination" "this" {
  count = var.enable_kinesis_destination ? 1 : 0

  table_name = aws_dynamodb_table.this.name
  stream_arn = var.kinesis_stream_arn
}

# --- Contributor insights -------------------------------------------------------------------------------------------

resource "aws_dynamodb_contributor_insights" "table" {
  count = var.enable_contributor_insights ? 1 : 0

  table_name = aws_dynamodb_table.this.name
}

resource "aws_dynamodb_contributor_insights" "index" {
  for_each = var.enable_contributor_insights ? toset(var.global_secondary_indexes[*].name) : []

  table_name = aws_dynamodb_table.this.name
  index_name = each.value

  # One setting of a table changes at a time.
  depends_on = [aws_dynamodb_contributor_insights.table]
}
