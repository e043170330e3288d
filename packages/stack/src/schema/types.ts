import { bool, defaulted, list, number, object, optional, required, string } from './variable-type.js';

export const attributeType = object({ name: required(string), type: required(string) });

export const globalSecondaryIndexType = object({
  name: required(string),
  hash_key: required(string),
  range_key: optional(string),
  projection_type: required(string),
  non_key_attributes: optional(list(string)),
  read_capacity: optional(number),
  write_capacity: optional(number),
});

export const localSecondaryIndexType = object({
  name: required(string),
  range_key: required(string),
  projection_type: required(string),
  non_key_attributes: optional(list(string)),
});

export const replicaType = object({
  region_name: required(string),
  kms_key_arn: optional(string),
  propagate_tags: defaulted(bool, false),
  point_in_time_recovery: optional(bool),
});

export const streamFunctionType = object({
  function_name: required(string),
  starting_position: required(string),
  batch_size: defaulted(number, 100),
  maximum_batching_window_in_seconds: defaulted(number, 0),
  parallelization_factor: defaulted(number, 1),
  maximum_retry_attempts: defaulted(number, -1),
  maximum_record_age_in_seconds: defaulted(number, -1),
  bisect_batch_on_function_error: defaulted(bool, false),
  enabled: defaulted(bool, true),
  on_failure_destination: optional(string),
  filter_pattern: optional(string),
});
