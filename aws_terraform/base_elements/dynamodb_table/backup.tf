locals {
  # Names within the limits of each service: a table's name may be longer, and may have dots.
  backup_base   = replace(length(var.table_name) <= 40 ? var.table_name : "${substr(var.table_name, 0, 31)}-${substr(sha1(var.table_name), 0, 8)}", ".", "-")
  policy_prefix = length(var.table_name) <= 110 ? var.table_name : "${substr(var.table_name, 0, 101)}-${substr(sha1(var.table_name), 0, 8)}"

  backup_vault_name = var.enable_backup_vault ? one(aws_backup_vault.dynamodb[*].name) : var.existing_backup_vault_name
  backup_rules = concat(
    [{
      name               = "daily"
      schedule           = var.backup_schedule
      delete_after       = var.backup_retention_days
      cold_storage_after = var.backup_cold_storage_after_days
    }],
    var.enable_weekly_backup ? [{
      name               = "weekly"
      schedule           = "cron(0 2 ? * SUN *)"
      delete_after       = var.backup_weekly_retention_days
      cold_storage_after = null
    }] : [],
  )
}

resource "aws_backup_vault" "dynamodb" {
  count = var.enable_backup_vault ? 1 : 0

  name        = "${local.backup_base}-vault"
  kms_key_arn = var.backup_vault_kms_key_arn
  tags        = local.tags
}

resource "aws_backup_plan" "dynamodb" {
  count = var.enable_backup_plan ? 1 : 0

  name = "${local.backup_base}-plan"
  tags = local.tags

  dynamic "rule" {
    for_each = local.backup_rules

    content {
      rule_name         = rule.value.name
      target_vault_name = local.backup_vault_name
      schedule          = rule.value.schedule

      lifecycle {
        delete_after       = rule.value.delete_after
        cold_storage_after = rule.value.cold_storage_after
      }
    }
  }

  lifecycle {
    precondition {
      condition     = var.enable_backup_vault || var.existing_backup_vault_name != null
      error_message = "enable_backup_plan is true without a vault; set enable_backup_vault = true, or name existing_backup_vault_name."
    }
  }
}

resource "aws_backup_selection" "dynamodb" {
  count = var.enable_backup_plan ? 1 : 0

  name         = "${local.backup_base}-table"
  plan_id      = aws_backup_plan.dynamodb[0].id
  iam_role_arn = aws_iam_role.backup[0].arn
  resources    = [aws_dynamodb_table.this.arn]

  # AWS Backup takes a role into use as it is at this moment.
  depends_on = [aws_iam_role_policy_attachment.backup]
}

# --- The role that AWS Backup works with ----------------------------------------------------------------------------

data "aws_partition" "current" {}

data "aws_iam_policy_document" "backup_trust" {
  count = var.enable_backup_plan ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "backup" {
  count = var.enable_backup_plan ? 1 : 0

  name               = "${local.backup_base}-backup"
  assume_role_policy = data.aws_iam_policy_document.backup_trust[0].json
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "backup" {
  for_each = var.enable_backup_plan ? toset(["AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores"]) : []

  role       = aws_iam_role.backup[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/${each.value}"
}

# --- A backup now ---------------------------------------------------------------------------------------------------

# The provider has no resource for an on-demand backup, so the AWS CLI makes it. Switching create_manual_backup off
# and on makes another one; destroying this resource leaves the backup where it is, as a backup should be left.
resource "terraform_data" "manual_backup" {
  count = var.create_manual_backup ? 1 : 0

  triggers_replace = [aws_dynamodb_table.this.arn]

  provisioner "local-exec" {
    interpreter = ["/bin/sh", "-c"]
    command     = file("${path.module}/scripts/create-backup.sh")
    environment = {
      AWS_CLI    = var.aws_cli_path
      CLI_REGION = local.cli_region
      TABLE      = aws_dynamodb_table.this.name
    }
  }
}
