# Compliance: AWS Backup keeps a backup of every day for a month, and of every Sunday for a quarter.

table_name   = "backup-table"
billing_mode = "PAY_PER_REQUEST"
hash_key     = "recordId"

attributes = [
  { name = "recordId", type = "S" },
]

enable_backup_vault = true
enable_backup_plan  = true

backup_schedule       = "cron(0 2 * * ? *)"
backup_retention_days = 30

enable_weekly_backup         = true
backup_weekly_retention_days = 90

enable_encryption      = true
point_in_time_recovery = true

tags = {
  Environment = "prod"
  Project     = "tablewright-examples"
}
