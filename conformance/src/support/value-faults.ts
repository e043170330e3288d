// What is wrong with attribute values, for every operation that takes one: facts of DynamoDB, as public suites that
// are verified on AWS record them.

const INVALID = 'One or more parameter values were invalid: ';
const NO_NUMBER = 'The parameter cannot be converted to a numeric value';
const DIGITS = 'Attempting to store more than 38 significant digits in a Number';
const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';
const EMPTY = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';

/** Values that are refused, and the message. */
export const VALUE_FAULTS: readonly (readonly [value: unknown, message: string])[] = [
  [{}, EMPTY],
  [{ a: '' }, EMPTY],
  [{ M: { a: {} } }, EMPTY],
  [{ L: [{}] }, EMPTY],
  [{ L: [{ a: {} }] }, EMPTY],
  [{ NULL: 'no' }, `${INVALID}Null attribute value types must have the value of true`],
  [{ NULL: false }, `${INVALID}Null attribute value types must have the value of true`],
  [{ SS: [] }, `${INVALID}An string set  may not be empty`],
  [{ NS: [] }, `${INVALID}An number set  may not be empty`],
  [{ BS: [] }, `${INVALID}Binary sets should not be empty`],
  [{ SS: ['a', 'a'] }, `${INVALID}Input collection [a, a] contains duplicates.`],
  [{ BS: ['Yg==', 'Yg=='] }, `${INVALID}Input collection [Yg==, Yg==]of type BS contains duplicates.`],
  [{ S: '', N: '' }, NO_NUMBER],
  [{ S: 'a', N: 'b' }, `${NO_NUMBER}: b`],
  [{ NS: ['1', ''] }, NO_NUMBER],
  [{ NS: ['1', 'b'] }, `${NO_NUMBER}: b`],
  [{ NS: ['1', '1'] }, 'Input collection contains duplicates'],
  [{ N: '123456789012345678901234567890123456789' }, DIGITS],
  [{ N: '-1.23456789012345678901234567890123456789' }, DIGITS],
  [{ N: '1e126' }, OVERFLOW],
  [{ N: '-1e126' }, OVERFLOW],
  [{ N: '1e-131' }, UNDERFLOW],
  [{ N: '-1e-131' }, UNDERFLOW],
  [
    { S: 'a', N: '1' },
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  ],
];
