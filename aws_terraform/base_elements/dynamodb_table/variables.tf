# Rules that look at one variable stand here; rules that look at several are preconditions of the table (main.tf).

# --- Table ----------------------------------------------------------------------------------------------------------

variable "table_name" {
  description = "Name of the table, unique within the account and region."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.table_name))
    error_message = "table_name is \"${var.table_name}\"; it must have 3 to 255 characters out of a-z, A-Z, 0-9, _, . and -."
  }
}

variable "billing_mode" {
  description = "How capacity is paid for: PAY_PER_REQUEST (on-demand) or PROVISIONED."
  type        = string
  default     = "PAY_PER_REQUEST"

  validation {
    condition     = contains(["PROVISIONED", "PAY_PER_REQUEST"], var.billing_mode)
    error_message = "billing_mode is \"${var.billing_mode}\"; it must be PROVISIONED or PAY_PER_REQUEST."
  }
}

variable "read_capacity" {
  description = "Read capacity units of a PROVISIONED table, and of its global secondary indexes that name none."
  type        = number
  default     = 5

  validation {
    condition     = var.read_capacity >= 1 && floor(var.read_capacity) == var.read_capacity
    error_message = "read_capacity is ${var.read_capacity}; it must be a whole number of at least 1."
  }
}

variable "write_capacity" {
  description = "Write capacity units of a PROVISIONED table, and of its global secondary indexes that name none."
  type        = number
  default     = 5

  validation {
    condition     = var.write_capacity >= 1 && floor(var.write_capacity) == var.write_capacity
    error_message = "write_capacity is ${var.write_capacity}; it must be a whole number of at least 1."
  }
}

variable "hash_key" {
  description = "Attribute that is the table's hash (partition) key."
  type        = string

  validation {
    condition     = length(var.hash_key) >= 1 && length(var.hash_key) <= 255
    error_message = "hash_key is \"${var.hash_key}\"; it must have 1 to 255 characters."
  }
}

variable "range_key" {
  description = "Attribute that is the table's range (sort) key; null for a table without one."
  type        = string
  default     = null

  validation {
    condition     = var.range_key == null ? true : length(var.range_key) >= 1 && length(var.range_key) <= 255
    error_message = "range_key is \"${coalesce(var.range_key, " ")}\"; it must have 1 to 255 characters, or be null."
  }
}

variable "table_class" {
  description = "Storage class: STANDARD or STANDARD_INFREQUENT_ACCESS."
  type        = string
  default     = "STANDARD"

  validation {
    condition     = contains(["STANDARD", "STANDARD_INFREQUENT_ACCESS"], var.table_class)
    error_message = "table_class is \"${var.table_class}\"; it must be STANDARD or STANDARD_INFREQUENT_ACCESS."
  }
}

variable "attributes" {
  description = "Definitions of the attributes that are keys of the table or of an index: name, and type S, N or B."
  type = list(object({
    name = string
    type = string
  }))

  validation {
    condition     = alltrue([for attribute in var.attributes : contains(["S", "N", "B"], attribute.type)])
    error_message = "attributes has the type ${join(", ", [for attribute in var.attributes : "\"${attribute.type}\" (of ${attribute.name})" if !contains(["S", "N", "B"], attribute.type)])}; a type must be S (string), N (number) or B (binary)."
  }

  validation {
    condition     = length(distinct(var.attributes[*].name)) == length(var.attributes)
    error_message = "attributes names an attribute twice: ${join(", ", var.attributes[*].name)}; each must be defined once."
  }
}

variable "global_secondary_indexes" {
  description = "Global secondary indexes. read_capacity and write_capacity count on a PROVISIONED table, and default to the table's."
  type = list(object({
    name               = string
    hash_key           = string
    range_key          = optional(string)
    projection_type    = string
    non_key_attributes = optional(list(string))
    read_capacity      = optional(number)
    write_capacity     = optional(number)
    on_demand_throughput = optional(object({
      max_read_request_units  = optional(number)
      max_write_request_units = optional(number)
    }))
  }))
  default = []

  validation {
    condition     = length(var.global_secondary_indexes) <= 20
    error_message = "global_secondary_indexes has ${length(var.global_secondary_indexes)} indexes; a table has 20 at most."
  }

  validation {
    condition     = length(distinct(var.global_secondary_indexes[*].name)) == length(var.global_secondary_indexes)
    error_message = "global_secondary_indexes has a name twice: ${join(", ", var.global_secondary_indexes[*].name)}; names must be unique."
  }

  validation {
    condition     = alltrue([for index in var.global_secondary_indexes : contains(["ALL", "KEYS_ONLY", "INCLUDE"], index.projection_type)])
    error_message = "global_secondary_indexes has the projection_type ${join(", ", [for index in var.global_secondary_indexes : "\"${index.projection_type}\" (of ${index.name})" if !contains(["ALL", "KEYS_ONLY", "INCLUDE"], index.projection_type)])}; it must be ALL, KEYS_ONLY or INCLUDE."
  }

  validation {
    condition     = alltrue([for index in var.global_secondary_indexes : (index.projection_type == "INCLUDE") == (length(coalesce(index.non_key_attributes, [])) > 0)])
    error_message = "global_secondary_indexes ${join(", ", [for index in var.global_secondary_indexes : "\"${index.name}\"" if(index.projection_type == "INCLUDE") != (length(coalesce(index.non_key_attributes, [])) > 0)])}: non_key_attributes must be given with projection_type INCLUDE, and only with it."
  }
}

variable "local_secondary_indexes" {
  description = "Local secondary indexes; they share the table's hash key and can only be made with the table."
  type = list(object({
    name               = string
    range_key          = string
    projection_type    = string
    non_key_attributes = optional(list(string))
  }))
  default = []

  validation {
    condition     = length(var.local_secondary_indexes) <= 5
    error_message = "local_secondary_indexes has ${length(var.local_secondary_indexes)} indexes; a table has 5 at most."
  }

  validation {
    condition     = length(distinct(var.local_secondary_indexes[*].name)) == length(var.local_secondary_indexes)
    error_message = "local_secondary_indexes has a name twice: ${join(", ", var.local_secondary_indexes[*].name)}; names must be unique."
  }

  validation {
    condition     = alltrue([for index in var.local_secondary_indexes : contains(["ALL", "KEYS_ONLY", "INCLUDE"], index.projection_type)])
    error_message = "local_secondary_indexes has the projection_type ${join(", ", [for index in var.local_secondary_indexes : "\"${index.projection_type}\" (of ${index.name})" if !contains(["ALL", "KEYS_ONLY", "INCLUDE"], index.projection_type)])}; it must be ALL, KEYS_ONLY or INCLUDE."
  }

  validation {
    condition     = alltrue([for index in var.local_secondary_indexes : (index.projection_type == "INCLUDE") == (length(coalesce(index.non_key_attributes, [])) > 0)])
    error_message = "local_secondary_indexes ${join(", ", [for index in var.local_secondary_indexes : "\"${index.name}\"" if(index.projection_type == "INCLUDE") != (length(coalesce(index.non_key_attributes, [])) > 0)])}: non_key_attributes must be given with projection_type INCLUDE, and only with it."
  }
}

variable "ttl_enabled" {
  description = "Whether DynamoDB deletes items whose time to live has passed."
  type        = bool
  default     = false
}

variable "ttl_attribute_name" {
  description = "Attribute that holds an item's expiry time, a number of seconds since 1970."
  type        = string
  default     = "ttl"

  validation {
    condition     = length(var.ttl_attribute_name) >= 1 && length(var.ttl_attribute_name) <= 255
    error_message = "ttl_attribute_name is \"${var.ttl_attribute_name}\"; it must have 1 to 255 characters."
  }
}

variable "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the table."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of the table. The tag Name is the table's name unless it is given here."
  type        = map(string)
  default     = {}
}

# --- Protection -----------------------------------------------------------------------------------------------------

variable "enable_encryption" {
  description = "Whether the table is encrypted with a key in KMS (kms_key_arn, else the AWS managed key aws/dynamodb). When false DynamoDB encrypts with a key that AWS owns."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "ARN of the customer managed KMS key; null for the AWS managed key."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:", var.kms_key_arn))
    error_message = "kms_key_arn is \"${coalesce(var.kms_key_arn, " ")}\"; it must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), or null."
  }
}

variable "point_in_time_recovery" {
  description = "Whether the table can be restored to any second of its recovery window."
  type        = bool
  default     = true
}

variable "point_in_time_recovery_days" {
  description = "Length of the recovery window in days, 1 to 35; null for AWS's default, which is 35."
  type        = number
  default     = null

  validation {
    condition     = var.point_in_time_recovery_days == null ? true : contains(range(1, 36), var.point_in_time_recovery_days)
    error_message = "point_in_time_recovery_days is ${coalesce(var.point_in_time_recovery_days, 0)}; it must be a whole number from 1 to 35, or null."
  }
}

variable "resource_policy" {
  description = "A resource-based policy of the table, as a JSON string; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.resource_policy == null ? true : can(jsondecode(var.resource_policy).Statement)
    error_message = "resource_policy must be a policy document in JSON with a Statement, or null."
  }
}

# --- Streams --------------------------------------------------------------------------------------------------------

variable "stream_enabled" {
  description = "Whether changes of items are published to a DynamoDB stream."
  type        = bool
  default     = false
}

variable "stream_view_type" {
  description = "What a stream record holds of a changed item: KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES."
  type        = string
  default     = "NEW_AND_OLD_IMAGES"

  validation {
    condition     = contains(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"], var.stream_view_type)
    error_message = "stream_view_type is \"${var.stream_view_type}\"; it must be KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES."
  }
}

variable "enable_stream_lambda_triggers" {
  description = "Whether the stream triggers the functions in stream_lambda_functions."
  type        = bool
  default     = false
}

variable "stream_lambda_functions" {
  description = "Functions that the stream triggers, by a name of your own. -1 stands for no limit. filter_pattern is one pattern in JSON; on_failure_destination the ARN of an SQS queue, SNS topic or S3 bucket."
  type = map(object({
    function_name                      = string
    starting_position                  = string
    batch_size                         = optional(number, 100)
    maximum_batching_window_in_seconds = optional(number, 0)
    parallelization_factor             = optional(number, 1)
    maximum_retry_attempts             = optional(number, -1)
    maximum_record_age_in_seconds      = optional(number, -1)
    bisect_batch_on_function_error     = optional(bool, false)
    enabled                            = optional(bool, true)
    on_failure_destination             = optional(string)
    filter_pattern                     = optional(string)
    report_batch_item_failures         = optional(bool, false)
    tumbling_window_in_seconds         = optional(number)
  }))
  default = {}

  validation {
    condition     = alltrue([for it in var.stream_lambda_functions : contains(["TRIM_HORIZON", "LATEST"], it.starting_position)])
    error_message = "stream_lambda_functions has the starting_position ${join(", ", [for name, it in var.stream_lambda_functions : "\"${it.starting_position}\" (of ${name})" if !contains(["TRIM_HORIZON", "LATEST"], it.starting_position)])}; it must be TRIM_HORIZON or LATEST."
  }

  validation {
    condition     = alltrue([for it in var.stream_lambda_functions : it.batch_size >= 1 && it.batch_size <= 10000])
    error_message = "stream_lambda_functions has the batch_size ${join(", ", [for name, it in var.stream_lambda_functions : "${it.batch_size} (of ${name})" if it.batch_size < 1 || it.batch_size > 10000])}; it must be a number from 1 to 10000."
  }

  validation {
    condition     = alltrue([for it in var.stream_lambda_functions : it.maximum_batching_window_in_seconds >= 0 && it.maximum_batching_window_in_seconds <= 300])
    error_message = "stream_lambda_functions has the maximum_batching_window_in_seconds ${join(", ", [for name, it in var.stream_lambda_functions : "${it.maximum_batching_window_in_seconds} (of ${name})" if it.maximum_batching_window_in_seconds < 0 || it.maximum_batching_window_in_seconds > 300])}; it must be a number from 0 to 300."
  }

  validation {
    condition     = alltrue([for it in var.stream_lambda_functions : it.parallelization_factor >= 1 && it.parallelization_factor <= 10])
    error_message = "stream_lambda_functions has the parallelization_factor ${join(", ", [for name, it in var.stream_lambda_functions : "${it.parallelization_factor} (of ${name})" if it.parallelization_factor < 1 || it.parallelization_factor > 10])}; it must be a number from 1 to 10."
  }

  validation {
    condition     = alltrue([for it in var.stream_lambda_functions : it.maximum_retry_attempts >= -1 && it.maximum_retry_attempts <= 10000])
    error_message = "stream_lambda_functions has the maximum_retry_attempts ${join(", ", [for name, it in var.stream_lambda_functions : "${it.maximum_retry_attempts} (of ${name})" if it.maximum_retry_attempts < -1 || it.maximum_retry_attempts > 10000])}; it must be a number from -1 to 10000."
  }

  validation {
    condition     = alltrue([for it in var.stream_lambda_functions : it.maximum_record_age_in_seconds == -1 || (it.maximum_record_age_in_seconds >= 60 && it.maximum_record_age_in_seconds <= 604800)])
    error_message = "stream_lambda_functions has the maximum_record_age_in_seconds ${join(", ", [for name, it in var.stream_lambda_functions : "${it.maximum_record_age_in_seconds} (of ${name})" if it.maximum_record_age_in_seconds != -1 && (it.maximum_record_age_in_seconds < 60 || it.maximum_record_age_in_seconds > 604800)])}; it must be -1, or a number from 60 to 604800."
  }

  validation {
    condition     = alltrue([for it in var.stream_lambda_functions : it.filter_pattern == null || can(keys(jsondecode(it.filter_pattern)))])
    error_message = "stream_lambda_functions ${join(", ", [for name, it in var.stream_lambda_functions : "\"${name}\"" if it.filter_pattern != null && !can(keys(jsondecode(it.filter_pattern)))])}: filter_pattern must be a pattern in JSON, such as {\"eventName\": [\"INSERT\"]}."
  }
}

variable "create_stream_log_group" {
  description = "Whether a log group for stream processing is created."
  type        = bool
  default     = false
}

variable "stream_log_retention_days" {
  description = "Days that the stream log group keeps its events; 0 for ever."
  type        = number
  default     = 7

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.stream_log_retention_days)
    error_message = "stream_log_retention_days is ${var.stream_log_retention_days}; it must be one of 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}

variable "log_kms_key_arn" {
  description = "ARN of the KMS key that encrypts the stream log group; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is \"${coalesce(var.log_kms_key_arn, " ")}\"; it must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), or null."
  }
}

variable "enable_kinesis_destination" {
  description = "Whether changes of items are sent to the Kinesis data stream kinesis_stream_arn."
  type        = bool
  default     = false
}

variable "kinesis_stream_arn" {
  description = "ARN of the Kinesis data stream that receives the changes of items."
  type        = string
  default     = null

  validation {
    condition     = var.kinesis_stream_arn == null ? true : can(regex("^arn:aws[a-z-]*:kinesis:", var.kinesis_stream_arn))
    error_message = "kinesis_stream_arn is \"${coalesce(var.kinesis_stream_arn, " ")}\"; it must be the ARN of a data stream (arn:aws:kinesis:REGION:ACCOUNT:stream/NAME), or null."
  }
}

variable "enable_contributor_insights" {
  description = "Whether CloudWatch Contributor Insights ranks the most used and most throttled keys of the table and its global secondary indexes."
  type        = bool
  default     = false
}

# --- Global tables ----------------------------------------------------------------------------------------------------

variable "replica_regions" {
  description = "Replicas of the table in other regions. point_in_time_recovery defaults to the table's."
  type = list(object({
    region_name            = string
    kms_key_arn            = optional(string)
    propagate_tags         = optional(bool, false)
    point_in_time_recovery = optional(bool)
  }))
  default = []

  validation {
    condition     = alltrue([for replica in var.replica_regions : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", replica.region_name))])
    error_message = "replica_regions names ${join(", ", [for replica in var.replica_regions : "\"${replica.region_name}\"" if !can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", replica.region_name))])}; it must be a region such as eu-west-1."
  }

  validation {
    condition     = length(distinct(var.replica_regions[*].region_name)) == length(var.replica_regions)
    error_message = "replica_regions names a region twice: ${join(", ", var.replica_regions[*].region_name)}; a region has one replica."
  }
}

# --- Auto scaling -----------------------------------------------------------------------------------------------------

variable "enable_autoscaling" {
  description = "Whether the capacity of a PROVISIONED table and of its global secondary indexes follows their load. read_capacity and write_capacity, of the table and of each index, are then where it begins and what it never goes below."
  type        = bool
  default     = false
}

variable "autoscaling_read_max_capacity" {
  description = "Most read capacity units that auto scaling gives the table, and each index."
  type        = number
  default     = 100

  validation {
    condition     = var.autoscaling_read_max_capacity >= 1 && floor(var.autoscaling_read_max_capacity) == var.autoscaling_read_max_capacity
    error_message = "autoscaling_read_max_capacity is ${var.autoscaling_read_max_capacity}; it must be a whole number of at least 1."
  }
}

variable "autoscaling_write_max_capacity" {
  description = "Most write capacity units that auto scaling gives the table, and each index."
  type        = number
  default     = 100

  validation {
    condition     = var.autoscaling_write_max_capacity >= 1 && floor(var.autoscaling_write_max_capacity) == var.autoscaling_write_max_capacity
    error_message = "autoscaling_write_max_capacity is ${var.autoscaling_write_max_capacity}; it must be a whole number of at least 1."
  }
}

variable "autoscaling_read_target" {
  description = "Percentage of read capacity in use that auto scaling aims at."
  type        = number
  default     = 70

  validation {
    condition     = var.autoscaling_read_target >= 20 && var.autoscaling_read_target <= 90
    error_message = "autoscaling_read_target is ${var.autoscaling_read_target}; it must be a percentage from 20 to 90."
  }
}

variable "autoscaling_write_target" {
  description = "Percentage of write capacity in use that auto scaling aims at."
  type        = number
  default     = 70

  validation {
    condition     = var.autoscaling_write_target >= 20 && var.autoscaling_write_target <= 90
    error_message = "autoscaling_write_target is ${var.autoscaling_write_target}; it must be a percentage from 20 to 90."
  }
}

variable "autoscaling_scale_in_cooldown" {
  description = "Seconds after a scale-in before the next one."
  type        = number
  default     = 60

  validation {
    condition     = var.autoscaling_scale_in_cooldown >= 0 && floor(var.autoscaling_scale_in_cooldown) == var.autoscaling_scale_in_cooldown
    error_message = "autoscaling_scale_in_cooldown is ${var.autoscaling_scale_in_cooldown}; it must be a whole number of at least 0."
  }
}

variable "autoscaling_scale_out_cooldown" {
  description = "Seconds after a scale-out before the next one."
  type        = number
  default     = 60

  validation {
    condition     = var.autoscaling_scale_out_cooldown >= 0 && floor(var.autoscaling_scale_out_cooldown) == var.autoscaling_scale_out_cooldown
    error_message = "autoscaling_scale_out_cooldown is ${var.autoscaling_scale_out_cooldown}; it must be a whole number of at least 0."
  }
}

variable "autoscaling_schedules" {
  description = "Bounds of the table's capacity that change by the clock, by a name of your own: schedule is at(), rate() or cron() with six fields."
  type = map(object({
    schedule = string
    timezone = optional(string, "UTC")
    read     = optional(object({ min_capacity = number, max_capacity = number }))
    write    = optional(object({ min_capacity = number, max_capacity = number }))
  }))
  default = {}

  validation {
    condition     = alltrue([for it in var.autoscaling_schedules : can(regex("^(at|rate|cron)\\(.+\\)$", it.schedule))])
    error_message = "autoscaling_schedules has the schedule ${join(", ", [for name, it in var.autoscaling_schedules : "\"${it.schedule}\" (of ${name})" if !can(regex("^(at|rate|cron)\\(.+\\)$", it.schedule))])}; it must be at(), rate() or cron(), such as cron(0 8 * * ? *)."
  }

  validation {
    condition     = alltrue([for it in var.autoscaling_schedules : it.read != null || it.write != null])
    error_message = "autoscaling_schedules ${join(", ", [for name, it in var.autoscaling_schedules : "\"${name}\"" if it.read == null && it.write == null])}: name bounds for read, write or both."
  }
}

# --- IAM --------------------------------------------------------------------------------------------------------------

variable "create_lambda_access_policy" {
  description = "Whether a policy for Lambda functions that use the table is created."
  type        = bool
  default     = false
}

variable "lambda_function_names" {
  description = "Existing functions whose execution roles get the Lambda access policy."
  type        = set(string)
  default     = []
}

variable "create_read_only_policy" {
  description = "Whether a policy that allows reading the table is created."
  type        = bool
  default     = false
}

variable "create_write_only_policy" {
  description = "Whether a policy that allows writing the table, and no reading, is created."
  type        = bool
  default     = false
}

variable "custom_iam_policy" {
  description = "A policy document of your own, as a JSON string; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.custom_iam_policy == null ? true : can(jsondecode(var.custom_iam_policy).Statement)
    error_message = "custom_iam_policy is \"${substr(coalesce(var.custom_iam_policy, " "), 0, 60)}\"; it must be a policy document in JSON with a Statement, or null."
  }
}

# --- Data -----------------------------------------------------------------------------------------------------------

variable "populate_initial_data" {
  description = "Whether initial_data_items are written, in bulk and with the AWS CLI, once the table exists. For large files use scripts/populate-data.sh."
  type        = bool
  default     = false
}

variable "initial_data_items" {
  description = "Items in DynamoDB JSON, a list such as [{ id = { S = \"1\" } }], that populate_initial_data writes."
  type        = any
  default     = []

  validation {
    condition     = can([for item in var.initial_data_items : keys(item)])
    error_message = "initial_data_items must be a list of items in DynamoDB JSON, such as [{ id = { S = \"1\" } }]."
  }
}

variable "aws_cli_path" {
  description = "The AWS CLI that populate_initial_data and create_manual_backup call: a command on the PATH, or a file."
  type        = string
  default     = "aws"
}

variable "aws_region" {
  description = "Region that the AWS CLI is told; empty for the provider's."
  type        = string
  default     = ""
}

variable "use_terraform_items" {
  description = "Whether terraform_managed_items are kept as resources: made, changed and deleted by Terraform."
  type        = bool
  default     = false
}

variable "terraform_managed_items" {
  description = "Items in DynamoDB JSON under Terraform's management, by an identifier of your own: { name = { id = { S = \"1\" } } }."
  type        = any
  default     = {}

  validation {
    condition     = can({ for id, item in var.terraform_managed_items : id => keys(item) })
    error_message = "terraform_managed_items must be a map from an identifier to an item in DynamoDB JSON, such as { first = { id = { S = \"1\" } } }."
  }
}

# --- Backup -----------------------------------------------------------------------------------------------------------

variable "enable_backup_vault" {
  description = "Whether a backup vault is created."
  type        = bool
  default     = false
}

variable "backup_vault_kms_key_arn" {
  description = "ARN of the KMS key that encrypts the backup vault; null for the AWS managed key aws/backup."
  type        = string
  default     = null

  validation {
    condition     = var.backup_vault_kms_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:", var.backup_vault_kms_key_arn))
    error_message = "backup_vault_kms_key_arn is \"${coalesce(var.backup_vault_kms_key_arn, " ")}\"; it must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), or null."
  }
}

variable "existing_backup_vault_name" {
  description = "A backup vault that exists already, for backup plans without a vault of their own."
  type        = string
  default     = null

  validation {
    condition     = var.existing_backup_vault_name == null ? true : can(regex("^[a-zA-Z0-9_-]{2,50}$", var.existing_backup_vault_name))
    error_message = "existing_backup_vault_name is \"${coalesce(var.existing_backup_vault_name, " ")}\"; it must have 2 to 50 characters out of a-z, A-Z, 0-9, - and _, or be null."
  }
}

variable "enable_backup_plan" {
  description = "Whether AWS Backup backs the table up daily, into the vault of enable_backup_vault or existing_backup_vault_name."
  type        = bool
  default     = false
}

variable "backup_schedule" {
  description = "When the daily backup starts (UTC), as cron() with six fields."
  type        = string
  default     = "cron(0 2 * * ? *)"

  validation {
    condition     = can(regex("^cron\\((\\S+ ){5}\\S+\\)$", var.backup_schedule))
    error_message = "backup_schedule is \"${var.backup_schedule}\"; it must be cron() with six fields, such as cron(0 2 * * ? *)."
  }
}

variable "backup_retention_days" {
  description = "Days that daily backups are kept."
  type        = number
  default     = 30

  validation {
    condition     = var.backup_retention_days >= 1 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "backup_retention_days is ${var.backup_retention_days}; it must be a whole number of at least 1."
  }
}

variable "backup_cold_storage_after_days" {
  description = "Days after which daily backups move to cold storage, where they stay for 90 days at least; null for never."
  type        = number
  default     = null

  validation {
    condition     = var.backup_cold_storage_after_days == null ? true : var.backup_cold_storage_after_days >= 1 && floor(var.backup_cold_storage_after_days) == var.backup_cold_storage_after_days
    error_message = "backup_cold_storage_after_days is ${coalesce(var.backup_cold_storage_after_days, 0)}; it must be a whole number of at least 1, or null."
  }
}

variable "enable_weekly_backup" {
  description = "Whether the backup plan also makes a weekly backup, Sundays at 02:00 UTC."
  type        = bool
  default     = false
}

variable "backup_weekly_retention_days" {
  description = "Days that weekly backups are kept."
  type        = number
  default     = 90

  validation {
    condition     = var.backup_weekly_retention_days >= 1 && floor(var.backup_weekly_retention_days) == var.backup_weekly_retention_days
    error_message = "backup_weekly_retention_days is ${var.backup_weekly_retention_days}; it must be a whole number of at least 1."
  }
}

variable "create_manual_backup" {
  description = "Whether an on-demand backup is made with the next apply, with the AWS CLI; off and on again makes another."
  type        = bool
  default     = false
}

# --- Where the table's items come from, and its limits ----------------------------------------------------------------

variable "on_demand_throughput" {
  description = "Most request units per second of an on-demand table; null for no limit. -1 takes a limit away."
  type = object({
    max_read_request_units  = optional(number)
    max_write_request_units = optional(number)
  })
  default = null
}

variable "restore_source_name" {
  description = "A table of this account and region that the new table is restored from, to a point in time; null for an empty table."
  type        = string
  default     = null
}

variable "restore_source_table_arn" {
  description = "The same by ARN, for a table of another region; null for an empty table."
  type        = string
  default     = null
}

variable "restore_date_time" {
  description = "The second to restore to, such as 2026-02-01T12:00:00Z; null with restore_to_latest_time."
  type        = string
  default     = null
}

variable "restore_to_latest_time" {
  description = "Whether to restore to the latest restorable time."
  type        = bool
  default     = null
}

variable "import_table" {
  description = "A file in S3 that the new table is filled from: input_format CSV, DYNAMODB_JSON or ION; input_compression_type GZIP, ZSTD or NONE."
  type = object({
    bucket                 = string
    bucket_owner           = optional(string)
    key_prefix             = optional(string)
    input_format           = string
    input_compression_type = optional(string)
    csv = optional(object({
      delimiter   = optional(string)
      header_list = optional(list(string))
    }))
  })
  default = null

  validation {
    condition     = var.import_table == null ? true : contains(["CSV", "DYNAMODB_JSON", "ION"], var.import_table.input_format)
    error_message = "import_table has the input_format \"${try(var.import_table.input_format, "")}\"; it must be CSV, DYNAMODB_JSON or ION."
  }
}

variable "timeouts" {
  description = "How long the provider waits for the table to be created, updated and deleted, such as 60m; null for its defaults."
  type = object({
    create = optional(string)
    update = optional(string)
    delete = optional(string)
  })
  default = null
}
