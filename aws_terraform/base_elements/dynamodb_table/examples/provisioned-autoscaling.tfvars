# Production, predictable load: provisioned capacity that follows its use, for the table and for its index.

table_name   = "analytics-table"
billing_mode = "PROVISIONED"
hash_key     = "eventId"
range_key    = "timestamp"

attributes = [
  { name = "eventId", type = "S" },
  { name = "timestamp", type = "N" },
  { name = "userId", type = "S" },
]

global_secondary_indexes = [
  {
    name            = "user-timestamp-index"
    hash_key        = "userId"
    range_key       = "timestamp"
    projection_type = "ALL"
    read_capacity   = 5
    write_capacity  = 5
  },
]

read_capacity  = 10
write_capacity = 10

enable_autoscaling             = true
autoscaling_read_max_capacity  = 100
autoscaling_write_max_capacity = 100
autoscaling_read_target        = 70
autoscaling_write_target       = 70

enable_encryption      = true
point_in_time_recovery = true

tags = {
  Environment = "prod"
  Project     = "tablewright-examples"
}
