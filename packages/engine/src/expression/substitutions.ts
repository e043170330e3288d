/**
 * ExpressionAttributeNames and ExpressionAttributeValues of one request (docs: Expressions.ExpressionAttributeNames),
 * checked on construction. Remembers which were used.
 */
export class Substitutions {
  constructor(
    protected readonly names: unknown,
    protected readonly values: unknown,
  ) {}

  /** Throws ValidationException when a name or value is used by no expression compiled with these substitutions. */
  assertAllUsed(): void {
    throw new Error('not written yet');
  }

  /**
   * For a request without any expression: throws when names or values are given all the same. `expressions` are the
   * request's expression members that take values, e.g. ['UpdateExpression', 'ConditionExpression'].
   */
  static assertAbsent(_names: unknown, _values: unknown, _expressions: readonly string[]): void {
    throw new Error('not written yet');
  }
}
