import { fc } from '@tablewright/testkit/properties';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import type {
  ConditionNode,
  FunctionNode,
  OperandNode,
  PathElement,
  PathNode,
  SetValueNode,
  UpdateActionNode,
  ValueNode,
} from './ast.js';

// For property tests: trees of expressions, and items that they meet.

/** Generators of trees that the parser can produce, over few names so that paths meet attributes. */
const name = fc.constantFrom('a', 'b', 'x', 'y_1');
const element: fc.Arbitrary<PathElement> = fc.oneof(
  name.map((text): PathElement => ({ kind: 'name', name: text })),
  fc.constant<PathElement>({ kind: 'namePlaceholder', placeholder: '#p' }),
  fc.nat({ max: 3 }).map((index): PathElement => ({ kind: 'index', index })),
);
export const path: fc.Arbitrary<PathNode> = fc
  .tuple(name, fc.array(element, { maxLength: 2 }))
  .map(([first, rest]) => ({ kind: 'path', elements: [{ kind: 'name', name: first }, ...rest] }));
const value: fc.Arbitrary<ValueNode> = fc
  .constantFrom(':v', ':w')
  .map((placeholder) => ({ kind: 'value', placeholder }));

function call(functionName: string, ...operands: readonly OperandNode[]): FunctionNode {
  return { kind: 'function', name: functionName, operands };
}

const operand: fc.Arbitrary<OperandNode> = fc.oneof(
  { weight: 4, arbitrary: path },
  { weight: 3, arbitrary: value },
  { weight: 1, arbitrary: path.map((node) => call('size', node)) },
);

export const { condition } = fc.letrec<{ condition: ConditionNode }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    fc
      .record({ comparator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='), left: operand, right: operand })
      .map((node): ConditionNode => ({ kind: 'comparison', ...node })),
    path.map((node) => call('attribute_exists', node)),
    path.map((node) => call('attribute_not_exists', node)),
    fc.tuple(operand, operand).map((operands) => call('contains', ...operands)),
    fc.tuple(path, operand).map((operands) => call('begins_with', ...operands)),
    fc.tuple(path, value).map((operands) => call('attribute_type', ...operands)),
    fc.record({ operand, lower: operand, upper: operand }).map((node): ConditionNode => ({ kind: 'between', ...node })),
    fc
      .record({ operand, candidates: fc.array(operand, { minLength: 1, maxLength: 3 }) })
      .map((node): ConditionNode => ({ kind: 'in', ...node })),
    tie('condition').map((inner): ConditionNode => ({ kind: 'not', condition: inner })),
    fc
      .record({ kind: fc.constantFrom('and', 'or'), left: tie('condition'), right: tie('condition') })
      .map((node): ConditionNode => ({ ...node })),
  ),
}));

/** What SET gives, over these paths. */
function setValue(paths: fc.Arbitrary<PathNode>): fc.Arbitrary<SetValueNode> {
  const setOperand: fc.Arbitrary<OperandNode> = fc.oneof(
    paths,
    value,
    fc.tuple(paths, fc.oneof(paths, value)).map((operands) => call('if_not_exists', ...operands)),
  );
  return fc.oneof(
    setOperand,
    fc
      .record({ operator: fc.constantFrom('+', '-'), left: setOperand, right: setOperand })
      .map((node): SetValueNode => ({ kind: 'arithmetic', ...node })),
    fc.tuple(setOperand, setOperand).map((operands) => call('list_append', ...operands)),
  );
}

function actionsOver(
  paths: fc.Arbitrary<PathNode>,
  most: { set?: number; other?: number },
  setTo: fc.Arbitrary<SetValueNode> = setValue(paths),
) {
  const limit = (maxLength: number | undefined) => (maxLength === undefined ? {} : { maxLength });
  return fc
    .tuple(
      fc.array(fc.record({ kind: fc.constant('set'), path: paths, value: setTo }), limit(most.set)),
      fc.array(fc.record({ kind: fc.constant('remove'), path: paths }), limit(most.other)),
      fc.array(fc.record({ kind: fc.constant('add'), path: paths, value }), limit(most.other)),
      fc.array(fc.record({ kind: fc.constant('delete'), path: paths, value }), limit(most.other)),
    )
    .map((sections): readonly UpdateActionNode[] => sections.flat().map((action) => ({ ...action })))
    .filter((nodes) => nodes.length > 0);
}

export const actions = actionsOver(path, {});

/** Few actions on paths that are mostly short, so that many can be carried out. */
export const fewActions = actionsOver(
  fc.oneof(
    {
      weight: 3,
      arbitrary: name.map((text): PathNode => ({ kind: 'path', elements: [{ kind: 'name', name: text }] })),
    },
    { weight: 2, arbitrary: path },
  ),
  { set: 2, other: 1 },
);

export const { attribute } = fc.letrec<{ attribute: AttributeValue }>((tie) => ({
  attribute: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('', 'a', 'ab', 'N', 'é').map((S) => ({ S })),
    fc.constantFrom('0', '1', '2', '10', '-1.5').map((N) => ({ N })),
    fc.constantFrom('', 'AQ==', 'AQI=').map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.uniqueArray(fc.constantFrom('a', 'ab', 'é'), { minLength: 1 }).map((SS) => ({ SS })),
    fc.uniqueArray(fc.constantFrom('1', '2', '10'), { minLength: 1 }).map((NS) => ({ NS })),
    fc.array(tie('attribute'), { maxLength: 3 }).map((L) => ({ L })),
    fc.dictionary(name, tie('attribute'), { maxKeys: 3, noNullPrototype: true }).map((M) => ({ M })),
  ),
}));
export const item = fc.dictionary(name, attribute, { maxKeys: 4, noNullPrototype: true });

/** A value that an update's operators take, more often than not. */
export const operandValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.constantFrom('1', '-1.5', '10').map((N) => ({ N })),
  fc.uniqueArray(fc.constantFrom('a', 'ab', 'é'), { minLength: 1 }).map((SS) => ({ SS })),
  fc.uniqueArray(fc.constantFrom('1', '2', '10'), { minLength: 1 }).map((NS) => ({ NS })),
  fc.array(attribute, { maxLength: 2 }).map((L) => ({ L })),
  attribute,
);

const list = fc.oneof(
  fc.array(attribute, { minLength: 2, maxLength: 4 }).map((L) => ({ L })),
  fc
    .array(
      fc.dictionary(name, attribute, { noNullPrototype: true }).map((M) => ({ M })),
      { minLength: 1 },
    )
    .map((L) => ({ L })),
);

/** An item whose first attributes are such that paths lead into them. */
export const deepItem: fc.Arbitrary<AttributeMap> = fc
  .tuple(item, list, fc.dictionary(name, fc.oneof(attribute, list), { noNullPrototype: true }))
  .map(([rest, a, M]) => ({ ...rest, a, b: { M } }));

const deepElement: fc.Arbitrary<PathElement> = fc.oneof(
  fc.nat({ max: 3 }).map((index): PathElement => ({ kind: 'index', index })),
  element,
);

/** A path into the first attributes of a {@link deepItem}. */
export const deepPath: fc.Arbitrary<PathNode> = fc
  .tuple(
    fc.constantFrom('a', 'a', 'b'),
    fc.oneof(
      { weight: 2, arbitrary: deepElement.map((one) => [one]) },
      { weight: 1, arbitrary: fc.tuple(deepElement, element) },
    ),
  )
  .map(([first, rest]) => ({ kind: 'path', elements: [{ kind: 'name', name: first }, ...rest] }));

/** Few actions on paths that mostly lead somewhere. */
export const deepActions = actionsOver(deepPath, { set: 2, other: 1 }, fc.oneof(value, path));
