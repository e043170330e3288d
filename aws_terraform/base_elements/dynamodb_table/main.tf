locals {
  provisioned = var.billing_mode == "PROVISIONED"
  scaled      = local.provisioned && var.enable_autoscaling

  # Everything that is a key somewhere; DynamoDB wants exactly these attributes defined.
  key_attributes = distinct(compact(concat(
    [var.hash_key, var.range_key],
    flatten([for index in var.global_secondary_indexes : [index.hash_key, index.range_key]]),
    var.local_secondary_indexes[*].range_key,
  )))
  undefined_attributes = setsubtract(local.key_attributes, var.attributes[*].name)
  unused_attributes    = setsubtract(var.attributes[*].name, local.key_attributes)
}

data "aws_region" "current" {}

locals {
  stream_enabled = var.stream_enabled || length(var.replica_regions) > 0
  tags           = merge({ Name = var.table_name }, var.tags)
}

resource "aws_dynamodb_table" "this" {
  name         = var.table_name
  billing_mode = var.billing_mode
  hash_key     = var.hash_key
  range_key    = var.range_key
  table_class  = var.table_class

  read_capacity  = local.provisioned ? local.table_capacity.read : null
  write_capacity = local.provisioned ? local.table_capacity.write : null

  deletion_protection_enabled = var.deletion_protection

  # Replication reads the table's stream, so a table with replicas always has one.
  stream_enabled   = local.stream_enabled
  stream_view_type = local.stream_enabled ? var.stream_view_type : null

  restore_source_name      = var.restore_source_name
  restore_source_table_arn = var.restore_source_table_arn
  restore_date_time        = var.restore_date_time
  restore_to_latest_time   = var.restore_to_latest_time

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
      read_capacity      = local.provisioned ? local.index_capacity[global_secondary_index.value.name].read : null
      write_capacity     = local.provisioned ? local.index_capacity[global_secondary_index.value.name].write : null

      dynamic "on_demand_throughput" {
        for_each = global_secondary_index.value.on_demand_throughput[*]

        content {
          max_read_request_units  = on_demand_throughput.value.max_read_request_units
          max_write_request_units = on_demand_throughput.value.max_write_request_units
        }
      }
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

  # Always stated: without the block the provider leaves an enabled TTL on, and without the attribute's name DynamoDB
  # does not switch it off.
  ttl {
    enabled        = var.ttl_enabled
    attribute_name = var.ttl_attribute_name
  }

  point_in_time_recovery {
    enabled                 = var.point_in_time_recovery
    recovery_period_in_days = var.point_in_time_recovery ? var.point_in_time_recovery_days : null
  }

  server_side_encryption {
    enabled     = var.enable_encryption
    kms_key_arn = var.enable_encryption ? var.kms_key_arn : null
  }

  dynamic "on_demand_throughput" {
    for_each = var.on_demand_throughput[*]

    content {
      max_read_request_units  = on_demand_throughput.value.max_read_request_units
      max_write_request_units = on_demand_throughput.value.max_write_request_units
    }
  }

  dynamic "replica" {
    for_each = var.replica_regions

    content {
      region_name            = replica.value.region_name
      kms_key_arn            = replica.value.kms_key_arn
      propagate_tags         = replica.value.propagate_tags
      point_in_time_recovery = coalesce(replica.value.point_in_time_recovery, var.point_in_time_recovery)
    }
  }

  dynamic "import_table" {
    for_each = var.import_table[*]

    content {
      input_format           = import_table.value.input_format
      input_compression_type = import_table.value.input_compression_type

      s3_bucket_source {
        bucket       = import_table.value.bucket
        bucket_owner = import_table.value.bucket_owner
        key_prefix   = import_table.value.key_prefix
      }

      dynamic "input_format_options" {
        for_each = import_table.value.csv[*]

        content {
          csv {
            delimiter   = input_format_options.value.delimiter
            header_list = input_format_options.value.header_list
          }
        }
      }
    }
  }

  tags = local.tags

  dynamic "timeouts" {
    for_each = var.timeouts[*]

    content {
      create = timeouts.value.create
      update = timeouts.value.update
      delete = timeouts.value.delete
    }
  }

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
      condition     = !var.enable_autoscaling || local.provisioned
      error_message = "enable_autoscaling is true but billing_mode is ${var.billing_mode}, which has no capacity to scale; set billing_mode = \"PROVISIONED\", or enable_autoscaling = false."
    }
    precondition {
      condition     = !local.scaled || length(local.beyond_maximum) == 0
      error_message = "enable_autoscaling is true and capacities lie above their maximum: ${join("; ", local.beyond_maximum)}. Raise the maximum, or lower the capacity."
    }
    precondition {
      condition     = !var.enable_stream_lambda_triggers || var.stream_enabled
      error_message = "enable_stream_lambda_triggers is true but stream_enabled is false; a trigger reads the table's stream, so set stream_enabled = true."
    }
    precondition {
      condition     = !var.enable_stream_lambda_triggers || length(var.stream_lambda_functions) > 0
      error_message = "enable_stream_lambda_triggers is true but stream_lambda_functions is empty; name the functions that the stream triggers."
    }
    precondition {
      condition     = !var.enable_kinesis_destination || var.kinesis_stream_arn != null
      error_message = "enable_kinesis_destination is true but kinesis_stream_arn is null; give the ARN of the Kinesis data stream."
    }
    precondition {
      condition     = length(var.replica_regions) == 0 || !var.stream_enabled || var.stream_view_type == "NEW_AND_OLD_IMAGES"
      error_message = "replica_regions needs stream_view_type NEW_AND_OLD_IMAGES, which replication reads; it is ${var.stream_view_type}."
    }
    precondition {
      condition     = !contains(var.replica_regions[*].region_name, data.aws_region.current.name)
      error_message = "replica_regions names ${data.aws_region.current.name}, the table's own region; name other regions only."
    }
    precondition {
      condition     = var.backup_cold_storage_after_days == null ? true : var.backup_retention_days >= var.backup_cold_storage_after_days + 90
      error_message = "backup_retention_days is ${var.backup_retention_days} and backup_cold_storage_after_days is ${coalesce(var.backup_cold_storage_after_days, 0)}; cold storage lasts 90 days at least, so keep backups ${coalesce(var.backup_cold_storage_after_days, 0) + 90} days or more."
    }
    precondition {
      condition     = var.point_in_time_recovery_days == null || var.point_in_time_recovery
      error_message = "point_in_time_recovery_days is given but point_in_time_recovery is false; set point_in_time_recovery = true, or leave the days out."
    }
    precondition {
      condition     = length(setintersection(var.global_secondary_indexes[*].name, var.local_secondary_indexes[*].name)) == 0
      error_message = "${join(", ", setintersection(var.global_secondary_indexes[*].name, var.local_secondary_indexes[*].name))} names a global and a local secondary index; names must be unique within the table."
    }
    precondition {
      condition     = !var.populate_initial_data || length(local.keyless_initial_items) == 0
      error_message = "initial_data_items has items without their key, at ${join(", ", local.keyless_initial_items)}; each needs ${join(" and ", compact([var.hash_key, var.range_key]))}."
    }
    precondition {
      condition     = var.on_demand_throughput == null || !local.provisioned
      error_message = "on_demand_throughput is given but billing_mode is PROVISIONED; it limits an on-demand table, so leave it out."
    }
    precondition {
      condition     = !var.use_terraform_items || alltrue([for id, item in var.terraform_managed_items : can(item[var.hash_key]) && (var.range_key == null || can(item[coalesce(var.range_key, "-")]))])
      error_message = "terraform_managed_items has items without their key: ${join(", ", [for id, item in var.terraform_managed_items : "\"${id}\"" if !(can(item[var.hash_key]) && (var.range_key == null || can(item[coalesce(var.range_key, "-")])))])}; each needs ${join(" and ", compact([var.hash_key, var.range_key]))}."
    }
  }
}
