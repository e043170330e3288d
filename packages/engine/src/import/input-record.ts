/**
 * One record of an input object: an item, and in the input of bulk operations the condition under which it is put, by the
 * members of PutItem. What else a record has is not looked at.
 */
export interface InputRecord {
  readonly Item: unknown;
  readonly ConditionExpression?: unknown;
  readonly ExpressionAttributeNames?: unknown;
  readonly ExpressionAttributeValues?: unknown;
}
