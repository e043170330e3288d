# Items that Terraform owns: one resource an item, so for small static data.
resource "aws_dynamodb_table_item" "static_items" {
  for_each = var.use_terraform_items ? { for id, item in var.terraform_managed_items : id => jsonencode(item) } : {}

  table_name = aws_dynamodb_table.this.name
  hash_key   = aws_dynamodb_table.this.hash_key
  range_key  = aws_dynamodb_table.this.range_key
  item       = each.value
}

locals {
  # The CLI works where the provider works, unless told otherwise.
  cli_region = var.aws_region != "" ? var.aws_region : data.aws_region.current.name

  # Positions, from 0, of items that lack a key attribute.
  keyless_initial_items = var.populate_initial_data ? [
    for position, item in var.initial_data_items : tostring(position)
    if !alltrue([for key in compact([var.hash_key, var.range_key]) : can(item[key])])
  ] : []

  # BatchWriteItem takes 25 items at most.
  initial_data_batches = var.populate_initial_data ? chunklist([for item in var.initial_data_items : jsonencode(item)], 25) : []
  initial_data_requests = [
    for batch in local.initial_data_batches :
    jsonencode({ (var.table_name) = [for item in batch : { PutRequest = { Item = jsondecode(item) } }] })
  ]
}

# Items that Terraform writes once and then leaves alone; a changed batch is written again, nothing is deleted.
resource "terraform_data" "initial_data" {
  count = length(local.initial_data_requests)

  triggers_replace = [aws_dynamodb_table.this.id, sha256(local.initial_data_requests[count.index])]

  lifecycle {
    precondition {
      # Linux hands a program no single argument or variable above 128 KiB.
      condition     = length(local.initial_data_requests[count.index]) < 120000
      error_message = "initial_data_items ${count.index * 25 + 1} to ${count.index * 25 + length(local.initial_data_batches[count.index])} make up ${length(local.initial_data_requests[count.index])} characters, and a batch can have 120000; load large items with scripts/populate-data.sh."
    }
  }

  provisioner "local-exec" {
    interpreter = ["/bin/sh", "-c"]
    command     = file("${path.module}/scripts/write-batch.sh")
    environment = {
      AWS_CLI    = var.aws_cli_path
      CLI_REGION = local.cli_region
      REQUEST    = local.initial_data_requests[count.index]
    }
  }
}
