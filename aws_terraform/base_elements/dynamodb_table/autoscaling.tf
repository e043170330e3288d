# Auto scaling moves the capacity of the table and its indexes, and Terraform must not move it back. An
# ignore_changes would do that for good, auto scaling or not, since it cannot be switched by a variable; so the
# capacity that the table has at this moment is read, and stated again. A table that is not there yet, or is on
# demand, begins with the configured capacity; when auto scaling is switched off, the configured capacity counts again.

data "aws_dynamodb_tables" "existing" {
  count = local.scaled ? 1 : 0
}

data "aws_dynamodb_table" "current" {
  count = local.scaled && contains(flatten(data.aws_dynamodb_tables.existing[*].names), var.table_name) ? 1 : 0

  name = var.table_name
}

locals {
  current             = one(data.aws_dynamodb_table.current)
  current_provisioned = try(local.current.billing_mode, "") == "PROVISIONED"
  current_indexes     = local.current_provisioned ? { for index in local.current.global_secondary_index : index.name => index } : {}

  # What auto scaling never goes below.
  table_minimum = { read = var.read_capacity, write = var.write_capacity }
  index_minimum = {
    for index in var.global_secondary_indexes : index.name => {
      read  = coalesce(index.read_capacity, var.read_capacity)
      write = coalesce(index.write_capacity, var.write_capacity)
    }
  }

  # What the table and its indexes have now, within the bounds: a raised minimum or a lowered maximum counts at once.
  # A schedule sets bounds of its own, so where there is one the capacity is left as it is.
  scheduled = {
    read  = anytrue([for schedule in var.autoscaling_schedules : schedule.read != null])
    write = anytrue([for schedule in var.autoscaling_schedules : schedule.write != null])
  }
  table_current = {
    read  = local.current_provisioned ? local.current.read_capacity : var.read_capacity
    write = local.current_provisioned ? local.current.write_capacity : var.write_capacity
  }
  table_scaled = {
    read  = local.scheduled.read ? local.table_current.read : max(var.read_capacity, min(local.table_current.read, var.autoscaling_read_max_capacity))
    write = local.scheduled.write ? local.table_current.write : max(var.write_capacity, min(local.table_current.write, var.autoscaling_write_max_capacity))
  }
  table_capacity = local.scaled ? local.table_scaled : local.table_minimum
  index_scaled = {
    for name, minimum in local.index_minimum : name => {
      read  = max(minimum.read, min(try(local.current_indexes[name].read_capacity, 0), var.autoscaling_read_max_capacity))
      write = max(minimum.write, min(try(local.current_indexes[name].write_capacity, 0), var.autoscaling_write_max_capacity))
    }
  }
  index_capacity = local.scaled ? local.index_scaled : local.index_minimum

  beyond_maximum = concat(
    var.read_capacity <= var.autoscaling_read_max_capacity ? [] : ["read_capacity ${var.read_capacity} > autoscaling_read_max_capacity ${var.autoscaling_read_max_capacity}"],
    var.write_capacity <= var.autoscaling_write_max_capacity ? [] : ["write_capacity ${var.write_capacity} > autoscaling_write_max_capacity ${var.autoscaling_write_max_capacity}"],
    [for name, minimum in local.index_minimum : "read_capacity ${minimum.read} of index ${name} > autoscaling_read_max_capacity ${var.autoscaling_read_max_capacity}" if minimum.read > var.autoscaling_read_max_capacity],
    [for name, minimum in local.index_minimum : "write_capacity ${minimum.write} of index ${name} > autoscaling_write_max_capacity ${var.autoscaling_write_max_capacity}" if minimum.write > var.autoscaling_write_max_capacity],
  )
  scaled_indexes = local.scaled ? local.index_minimum : {}
}

# --- The table ------------------------------------------------------------------------------------------------------

resource "aws_appautoscaling_target" "table_read" {
  count = local.scaled ? 1 : 0

  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.this.name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  min_capacity       = var.read_capacity
  max_capacity       = var.autoscaling_read_max_capacity
}

resource "aws_appautoscaling_policy" "table_read" {
  count = local.scaled ? 1 : 0

  name               = "DynamoDBReadCapacityUtilization:${aws_appautoscaling_target.table_read[0].resource_id}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.table_read[0].service_namespace
  resource_id        = aws_appautoscaling_target.table_read[0].resource_id
  scalable_dimension = aws_appautoscaling_target.table_read[0].scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = var.autoscaling_read_target
    scale_in_cooldown  = var.autoscaling_scale_in_cooldown
    scale_out_cooldown = var.autoscaling_scale_out_cooldown

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBReadCapacityUtilization"
    }
  }
}

resource "aws_appautoscaling_target" "table_write" {
  count = local.scaled ? 1 : 0

  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.this.name}"
  scalable_dimension = "dynamodb:table:WriteCapacityUnits"
  min_capacity       = var.write_capacity
  max_capacity       = var.autoscaling_write_max_capacity
}

resource "aws_appautoscaling_policy" "table_write" {
  count = local.scaled ? 1 : 0

  name               = "DynamoDBWriteCapacityUtilization:${aws_appautoscaling_target.table_write[0].resource_id}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.table_write[0].service_namespace
  resource_id        = aws_appautoscaling_target.table_write[0].resource_id
  scalable_dimension = aws_appautoscaling_target.table_write[0].scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = var.autoscaling_write_target
    scale_in_cooldown  = var.autoscaling_scale_in_cooldown
    scale_out_cooldown = var.autoscaling_scale_out_cooldown

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBWriteCapacityUtilization"
    }
  }
}

# --- Every global secondary index -----------------------------------------------------------------------------------

resource "aws_appautoscaling_target" "index_read" {
  for_each = local.scaled_indexes

  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.this.name}/index/${each.key}"
  scalable_dimension = "dynamodb:index:ReadCapacityUnits"
  min_capacity       = each.value.read
  max_capacity       = var.autoscaling_read_max_capacity
}

resource "aws_appautoscaling_policy" "index_read" {
  for_each = aws_appautoscaling_target.index_read

  name               = "DynamoDBReadCapacityUtilization:${each.value.resource_id}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  resource_id        = each.value.resource_id
  scalable_dimension = each.value.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = var.autoscaling_read_target
    scale_in_cooldown  = var.autoscaling_scale_in_cooldown
    scale_out_cooldown = var.autoscaling_scale_out_cooldown

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBReadCapacityUtilization"
    }
  }
}

resource "aws_appautoscaling_target" "index_write" {
  for_each = local.scaled_indexes

  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.this.name}/index/${each.key}"
  scalable_dimension = "dynamodb:index:WriteCapacityUnits"
  min_capacity       = each.value.write
  max_capacity       = var.autoscaling_write_max_capacity
}

resource "aws_appautoscaling_policy" "index_write" {
  for_each = aws_appautoscaling_target.index_write

  name               = "DynamoDBWriteCapacityUtilization:${each.value.resource_id}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  resource_id        = each.value.resource_id
  scalable_dimension = each.value.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = var.autoscaling_write_target
    scale_in_cooldown  = var.autoscaling_scale_in_cooldown
    scale_out_cooldown = var.autoscaling_scale_out_cooldown

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBWriteCapacityUtilization"
    }
  }
}

# --- Bounds that change by the clock --------------------------------------------------------------------------------

locals {
  # One scheduled action per schedule and dimension that it names bounds for.
  scheduled_actions = local.scaled ? merge([
    for name, schedule in var.autoscaling_schedules : merge(
      schedule.read == null ? {} : { "${name}-read" = merge(schedule, { bounds = schedule.read, dimension = "dynamodb:table:ReadCapacityUnits" }) },
      schedule.write == null ? {} : { "${name}-write" = merge(schedule, { bounds = schedule.write, dimension = "dynamodb:table:WriteCapacityUnits" }) },
    )
  ]...) : {}
}

resource "aws_appautoscaling_scheduled_action" "table" {
  for_each = local.scheduled_actions

  name               = each.key
  service_namespace  = "dynamodb"
  resource_id        = aws_appautoscaling_target.table_read[0].resource_id
  scalable_dimension = each.value.dimension
  schedule           = each.value.schedule
  timezone           = each.value.timezone

  scalable_target_action {
    min_capacity = each.value.bounds.min_capacity
    max_capacity = each.value.bounds.max_capacity
  }

  # Both targets: AWS takes an action only for a registered target.
  depends_on = [aws_appautoscaling_target.table_write]
}
