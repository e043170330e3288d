import type { PathNode, ProjectionNode } from './ast.js';
import { OperandParser } from './operand-parser.js';

/** Reads a projection: paths separated by commas. */
export class ProjectionParser extends OperandParser {
  parse(): ProjectionNode {
    const paths: PathNode[] = [];
    do paths.push(this.path());
    while (this.skipSymbol(','));
    this.finish();
    return { kind: 'projection', paths };
  }

  protected override functionFault(): undefined {
    return undefined;
  }
}
