locals {
  provisioned = var.billing_mode == "PROVISIONED"

  # Everything that is a key somewhere; DynamoDB wants exactly these attributes defined.
  key_attributes = distinct(compact(concat(
    [var.hash_key, var.range_key],
    flatten([for index in var.global_secondary_indexes : [index.hash_key, index.range_key]]),
    var.local_secondary_indexes[*].range_key,
  )))
  undefined_attributes = setsubtract(local.key_attributes, var.attributes[*].name)
  unused_attributes    = setsubtract(var.attributes[*].name, local.key_attributes)
}

resource "aws_dynamodb_table" "this" {
  name         = var.table_name
  billing_mode = var.billing_mode
  hash_key     = var.hash_key
  range_key    = var.range_key
  table_class  = var.table_class

  read_capacity  = local.provisioned ? var.read_capacity : null
  write_capacity = local.provisioned ? var.write_capacity : null

  deletion_protection_enabled = var.deletion_protection

  stream_enabled   = var.stream_enabled
  stream_view_type = var.stream_enabled ? var.stream_view_type : null

  dynamic "attribute" {
    for_each = var.attributes

    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes

    content {
      name               = global_secondary_index.value.name
      hash_key           = global_secondary_index.value.hash_key
      range_key          = global_secondary_index.value.range_key
      projection_type    = global_secondary_index.value.projection_type
      non_key_attributes = global_secondary_index.value.non_key_attributes
      read_capacity      = local.provisioned ? coalesce(global_secondary_index.value.read_capacity, var.read_capacity) : null
      write_capacity     = local.provisioned ? coalesce(global_secondary_index.value.write_capacity, var.write_capacity) : null
    }
  }

  dynamic "local_secondary_index" {
    for_each = var.local_secondary_indexes

    content {
      name               = local_secondary_index.value.name
      range_key          = local_secondary_index.value.range_key
      projection_type    = local_secondary_index.value.projection_type
      non_key_attributes = local_secondary_index.value.non_key_attributes
    }
  }

  # Always stated: without the block the provider leaves an enabled TTL on.
  ttl {
    enabled        = var.ttl_enabled
    attribute_name = var.ttl_enabled ? var.ttl_attribute_name : ""
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  server_side_encryption {
    enabled     = var.enable_encryption
    kms_key_arn = var.enable_encryption ? var.kms_key_arn : null
  }

  tags = merge({ Name = var.table_name }, var.tags)

  lifecycle {
    precondition {
      condition     = length(local.undefined_attributes) == 0
      error_message = "attributes defines no ${join(", ", local.undefined_attributes)}, which is a key of the table or of an index; add { name = \"...\", type = \"S\" } (or N, or B) for each."
    }
    precondition {
      condition     = length(local.unused_attributes) == 0
      error_message = "attributes defines ${join(", ", local.unused_attributes)}, which is no key of the table nor of an index; define key attributes only."
    }
    precondition {
      condition     = var.range_key != var.hash_key
      error_message = "range_key is \"${var.hash_key}\", as hash_key is; they must be two attributes."
    }
    precondition {
      condition     = length(var.local_secondary_indexes) == 0 || var.range_key != null
      error_message = "local_secondary_indexes are given but range_key is null; only a table with a range key can have local secondary indexes."
    }
    precondition {
      condition     = var.kms_key_arn == null || var.enable_encryption
      error_message = "kms_key_arn is given but enable_encryption is false; set enable_encryption = true, or leave the key out."
    }
    precondition {
      condition     = !var.use_terraform_items || alltrue([for id, item in var.terraform_managed_items : can(item[var.hash_key]) && (var.range_key == null || can(item[coalesce(var.range_key, "-")]))])
      error_message = "terraform_managed_items has items without their key: ${join(", ", [for id, item in var.terraform_managed_items : "\"${id}\"" if !(can(item[var.hash_key]) && (var.range_key == null || can(item[coalesce(var.range_key, "-")])))])}; each needs ${join(" and ", compact([var.hash_key, var.range_key]))}."
    }
  }
}
