import { DynamoError, validationError } from '../errors.js';

/**
 * Some operations read numbers as Java's BigDecimal, unlike PutItem: their exponent and scale have 32 bits, and so has
 * the arithmetic of the check of their range (recorded on AWS by a public conformance suite). So the message for the
 * first number that is out of range may be another one; undefined where it is not.
 */
export function narrowNumberFault(error: unknown, raw: unknown): DynamoError | undefined {
  if (!(error instanceof DynamoError) || !/^Number (over|under)flow\./.test(error.message)) return undefined;
  for (const text of numbersIn(raw)) {
    const fault = faultOf(text);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);

function faultOf(text: string): DynamoError | undefined {
  const [digits = '', exponentText = '0'] = text.toLowerCase().split('e');
  const exponent = Number(exponentText);
  const scale = (digits.split('.')[1] ?? '').length - exponent;
  if (exponent < MIN_INT || exponent > MAX_INT || scale < MIN_INT || scale > MAX_INT) {
    return validationError(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const precision = digits.replace(/^[+-]/, '').replace('.', '').replace(/^0+/, '').length;
  if (precision - scale <= MAX_INT) return undefined;
  return validationError('Number underflow. Attempting to store a number with magnitude smaller than supported range');
}

/** The numbers of a raw value, in the order of the document. */
function* numbersIn(raw: unknown): Iterable<string> {
  if (typeof raw !== 'object' || raw === null) return;
  for (const [type, content] of Object.entries(raw)) {
    if (type === 'N' && typeof content === 'string') yield content;
    else if (type === 'NS' && Array.isArray(content)) yield* content.filter((member) => typeof member === 'string');
    else if (type === 'M' || type === 'L') for (const member of Object.values(content)) yield* numbersIn(member);
  }
}
