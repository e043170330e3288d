# Alternate query patterns: products by category (cheapest first), and by supplier (keys only, cheap to keep).

table_name   = "products-table"
billing_mode = "PAY_PER_REQUEST"
hash_key     = "productId"

attributes = [
  { name = "productId", type = "S" },
  { name = "category", type = "S" },
  { name = "price", type = "N" },
  { name = "supplierId", type = "S" },
]

global_secondary_indexes = [
  {
    name            = "category-price-index"
    hash_key        = "category"
    range_key       = "price"
    projection_type = "ALL"
  },
  {
    name               = "supplier-index"
    hash_key           = "supplierId"
    projection_type    = "INCLUDE"
    non_key_attributes = ["name", "stock"]
  },
]

enable_encryption      = true
point_in_time_recovery = true

tags = {
  Environment = "dev"
  Project     = "tablewright-examples"
}
