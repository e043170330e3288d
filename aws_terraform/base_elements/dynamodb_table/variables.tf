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
  description = "Whether the table can be restored to any second of the last 35 days."
  type        = bool
  default     = true
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
  description = "The AWS CLI that populate_initial_data calls: a command on the PATH, or a file."
  type        = string
  default     = "aws"
}

variable "aws_region" {
  description = "Region that the AWS CLI is told; empty for the one of the environment."
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
