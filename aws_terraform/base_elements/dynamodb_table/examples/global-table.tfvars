# Low latency in two regions: every write in one shows up in the other.

table_name   = "global-users-table"
billing_mode = "PAY_PER_REQUEST"
hash_key     = "userId"

attributes = [
  { name = "userId", type = "S" },
]

# Replication reads the stream, so it must hold both images.
stream_enabled   = true
stream_view_type = "NEW_AND_OLD_IMAGES"

replica_regions = [
  {
    region_name            = "eu-west-1"
    propagate_tags         = true
    point_in_time_recovery = true
  },
]

enable_encryption      = true
point_in_time_recovery = true

tags = {
  Environment = "prod"
  Project     = "tablewright-examples"
}
