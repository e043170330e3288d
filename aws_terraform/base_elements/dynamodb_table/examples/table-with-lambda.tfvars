# Every change of an order runs a function. The function must exist before; its role gets access to table and stream.

table_name   = "orders-table"
billing_mode = "PAY_PER_REQUEST"
hash_key     = "orderId"

attributes = [
  { name = "orderId", type = "S" },
]

stream_enabled   = true
stream_view_type = "NEW_AND_OLD_IMAGES"

enable_stream_lambda_triggers = true
stream_lambda_functions = {
  order_processing = {
    function_name     = "order-processing-lambda"
    starting_position = "TRIM_HORIZON"
    batch_size        = 100
    # A batch that fails is halved, so that one bad order does not hold up the others for a day.
    bisect_batch_on_function_error = true
    maximum_retry_attempts         = 3
  }
}

create_lambda_access_policy = true
lambda_function_names       = ["order-processing-lambda"]

create_stream_log_group   = true
stream_log_retention_days = 7

enable_encryption      = true
point_in_time_recovery = true

tags = {
  Environment = "dev"
  Project     = "tablewright-examples"
}
