# Development, unpredictable load: on-demand, encrypted, restorable to any second, expired items deleted.

table_name   = "users-table"
billing_mode = "PAY_PER_REQUEST"
hash_key     = "userId"

attributes = [
  { name = "userId", type = "S" },
]

ttl_enabled        = true
ttl_attribute_name = "expiresAt"

enable_encryption      = true
point_in_time_recovery = true

tags = {
  Environment = "dev"
  Project     = "tablewright-examples"
}
