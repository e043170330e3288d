# Policies with least privilege. Nothing here names more than this table, its indexes, its streams and its key.

locals {
  index_arns  = "${aws_dynamodb_table.this.arn}/index/*"
  stream_arns = "${aws_dynamodb_table.this.arn}/stream/*"

  item_reads  = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:ConditionCheckItem"]
  item_writes = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"]
  index_reads = ["dynamodb:Query", "dynamodb:Scan"]

  # Who reads or writes a table with a customer managed key needs the key, too, through DynamoDB alone. The policy of the
  # AWS managed key lets everybody use it so. Never counted by: the key may be made in the same apply.
  key_arns     = var.enable_encryption && var.kms_key_arn != null ? [var.kms_key_arn] : []
  key_services = [for arn in local.key_arns : "dynamodb.${split(":", arn)[3]}.amazonaws.com"]
}

# --- Lambda ---------------------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "lambda_dynamodb_access" {
  count = var.create_lambda_access_policy ? 1 : 0

  statement {
    sid       = "Table"
    actions   = concat(local.item_reads, local.item_writes, ["dynamodb:DescribeTable"])
    resources = [aws_dynamodb_table.this.arn]
  }

  statement {
    sid       = "Indexes"
    actions   = local.index_reads
    resources = [local.index_arns]
  }

  dynamic "statement" {
    for_each = var.enable_stream_lambda_triggers ? [1] : []

    content {
      sid       = "Stream"
      actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
      resources = [local.stream_arns]
    }
  }

  dynamic "statement" {
    for_each = local.key_arns

    content {
      sid       = "Key"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = local.key_services
      }
    }
  }
}

resource "aws_iam_policy" "lambda_dynamodb_access" {
  count = var.create_lambda_access_policy ? 1 : 0

  name        = "${local.policy_prefix}-lambda-access"
  description = "Lambda functions' access to the DynamoDB table ${var.table_name}"
  policy      = data.aws_iam_policy_document.lambda_dynamodb_access[0].json
  tags        = local.tags
}

data "aws_lambda_function" "access" {
  for_each = var.create_lambda_access_policy ? var.lambda_function_names : []

  function_name = each.value
}

# By role, not by function: functions that share a role share the attachment, and removing one of them must not take
# the others' access away.
resource "aws_iam_role_policy_attachment" "lambda_dynamodb_access" {
  for_each = toset([for function in data.aws_lambda_function.access : element(split("/", function.role), -1)])

  role       = each.value
  policy_arn = aws_iam_policy.lambda_dynamodb_access[0].arn
}

# --- People and programs --------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "dynamodb_read_only" {
  count = var.create_read_only_policy ? 1 : 0

  statement {
    sid       = "Table"
    actions   = concat(local.item_reads, ["dynamodb:PartiQLSelect", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"])
    resources = [aws_dynamodb_table.this.arn]
  }

  statement {
    sid       = "Indexes"
    actions   = concat(local.index_reads, ["dynamodb:PartiQLSelect"])
    resources = [local.index_arns]
  }

  dynamic "statement" {
    for_each = local.key_arns

    content {
      sid       = "Key"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = local.key_services
      }
    }
  }
}

resource "aws_iam_policy" "dynamodb_read_only" {
  count = var.create_read_only_policy ? 1 : 0

  name        = "${local.policy_prefix}-read-only"
  description = "Reading the DynamoDB table ${var.table_name}, and nothing else"
  policy      = data.aws_iam_policy_document.dynamodb_read_only[0].json
  tags        = local.tags
}

data "aws_iam_policy_document" "dynamodb_write_only" {
  count = var.create_write_only_policy ? 1 : 0

  statement {
    sid       = "Table"
    actions   = local.item_writes
    resources = [aws_dynamodb_table.this.arn]

    # A write can ask for the item as it was or is; one that may only write must not.
    condition {
      test     = "StringEqualsIfExists"
      variable = "dynamodb:ReturnValues"
      values   = ["NONE"]
    }
  }

  dynamic "statement" {
    for_each = local.key_arns

    content {
      sid       = "Key"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = local.key_services
      }
    }
  }
}

resource "aws_iam_policy" "dynamodb_write_only" {
  count = var.create_write_only_policy ? 1 : 0

  name        = "${local.policy_prefix}-write-only"
  description = "Writing the DynamoDB table ${var.table_name}, and nothing else"
  policy      = data.aws_iam_policy_document.dynamodb_write_only[0].json
  tags        = local.tags
}

resource "aws_iam_policy" "custom" {
  count = var.custom_iam_policy == null ? 0 : 1

  name        = "${local.policy_prefix}-custom"
  description = "Custom access to the DynamoDB table ${var.table_name}"
  policy      = var.custom_iam_policy
  tags        = local.tags
}

resource "aws_dynamodb_resource_policy" "this" {
  count = var.resource_policy == null ? 0 : 1

  resource_arn = aws_dynamodb_table.this.arn
  policy       = var.resource_policy
}
