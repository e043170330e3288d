import type { ExpressionNode } from './ast.js';

/** An expression as the trees of AWS's parser name its class. Calls and operators are one class. */
export function className(node: ExpressionNode): string {
  switch (node.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'ion':
      return 'Literal';
    case 'missing':
      return 'LiteralMissing';
    case 'identifier':
      return 'VariableReference';
    case 'path':
      return 'Path';
    case 'struct':
      return 'Struct';
    case 'list':
    case 'bag':
      return 'Seq';
    case 'parameter':
      return 'Parameter';
    case 'isType':
      return 'IsType';
    case 'unsupported':
      return node.operation;
    case 'statement':
      return 'Select';
    default:
      return OPERATION;
  }
}

export const OPERATION = 'NAry';
