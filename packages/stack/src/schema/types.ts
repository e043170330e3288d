import { bool, defaulted, list, number, object, optional, required, string } from './variable-type.js';

export const attributeType = object({ name: required(string), type: required(string) });

/** Most request units per second of an on-demand table or index. */
export const onDemandThroughputType = object({
  max_read_request_units: optional(number),
  max_write_request_units: optional(number),
});

export const globalSecondaryIndexType = object({
  name: required(string),
  hash_key: required(string),
  range_key: optional(string),
  projection_type: required(string),
  non_key_attributes: optional(list(string)),
  read_capacity: optional(number),
  write_capacity: optional(number),
  on_demand_throughput: optional(onDemandThroughputType),
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
  report_batch_item_failures: defaulted(bool, false),
  tumbling_window_in_seconds: optional(number),
});

const boundsType = object({ min_capacity: required(number), max_capacity: required(number) });

export const scalingScheduleType = object({
  schedule: required(string),
  timezone: defaulted(string, 'UTC'),
  read: optional(boundsType),
  write: optional(boundsType),
});

export const importTableType = object({
  bucket: required(string),
  bucket_owner: optional(string),
  key_prefix: optional(string),
  input_format: required(string),
  input_compression_type: optional(string),
  csv: optional(object({ delimiter: optional(string), header_list: optional(list(string)) })),
});

export const timeoutsType = object({
  create: optional(string),
  update: optional(string),
  delete: optional(string),
});
