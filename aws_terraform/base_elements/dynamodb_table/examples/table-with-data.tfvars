# A table of settings whose items are under Terraform's management.

table_name   = "config-table"
billing_mode = "PAY_PER_REQUEST"
hash_key     = "configKey"

attributes = [
  { name = "configKey", type = "S" },
]

use_terraform_items = true
terraform_managed_items = {
  app_settings = {
    configKey   = { S = "app_settings" }
    configValue = { S = "{\"theme\":\"dark\",\"language\":\"en\"}" }
    version     = { N = "1" }
  }
  feature_flags = {
    configKey = { S = "feature_flags" }
    flags = {
      M = {
        newCheckout = { BOOL = true }
        betaSearch  = { BOOL = false }
      }
    }
    regions = { SS = ["eu-west-1", "us-east-1"] }
  }
  rate_limits = {
    configKey = { S = "rate_limits" }
    perMinute = { N = "600" }
    burst     = { N = "50" }
  }
}

tags = {
  Environment = "dev"
  Project     = "tablewright-examples"
}
