import type { Comparator, ConditionNode, OperandNode } from './ast.js';
import { conditionFunctionFault } from './functions.js';
import { type FunctionUse, OperandParser, type ParsedOperand } from './operand-parser.js';

const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

/**
 * What a piece of a condition can turn out to be: a condition, or an operand whose comparator has not come yet. A
 * function call in parentheses stays an operand until the token after them is seen.
 */
type Piece = (
  | { readonly kind: 'condition'; readonly node: ConditionNode }
  | { readonly kind: 'operand'; readonly operand: ParsedOperand }
) & { readonly parenthesized: boolean };

/**
 * Reads a condition, by falling precedence: comparisons, BETWEEN, IN and functions; NOT; AND; OR. AND and OR group from
 * the left.
 */
export class ConditionParser extends OperandParser {
  parse(): ConditionNode {
    const node = this.asCondition(this.or());
    this.finish();
    return node;
  }

  protected override functionFault(name: string, use: FunctionUse): string | undefined {
    return conditionFunctionFault(name, use === 'whole');
  }

  private or(): Piece {
    return this.chain('OR', 'or', () => this.and());
  }

  private and(): Piece {
    return this.chain('AND', 'and', () => this.not());
  }

  private chain(keyword: string, kind: 'and' | 'or', parsePiece: () => Piece): Piece {
    let piece = parsePiece();
    while (piece.kind === 'condition' && this.skipKeyword(keyword)) {
      piece = condition({ kind, left: piece.node, right: this.asCondition(parsePiece()) });
    }
    return piece;
  }

  private not(): Piece {
    if (!this.skipKeyword('NOT')) return this.comparison();
    return condition({ kind: 'not', condition: this.asCondition(this.not()) });
  }

  private comparison(): Piece {
    const piece = this.isSymbol('(') ? this.group() : operand(this.simpleOperand());
    if (piece.kind === 'condition') return piece;
    const { next } = this;
    if (next.type === 'symbol' && isComparator(next.text)) {
      this.take();
      const left = this.asPart(piece.operand);
      return condition({ kind: 'comparison', comparator: next.text, left, right: this.asPart(this.operand()) });
    }
    if (this.skipKeyword('BETWEEN')) return this.between(this.asPart(piece.operand));
    if (this.skipKeyword('IN')) return this.candidates(this.asPart(piece.operand));
    const undecided = piece.operand.node.kind !== 'function' || this.isSymbol(')');
    return undecided ? piece : condition(this.asCondition(piece));
  }

  private group(): Piece {
    this.openParenthesis();
    const piece = this.or();
    if (piece.parenthesized) this.noteRedundantParentheses();
    this.closeParenthesis();
    return { ...piece, parenthesized: true };
  }

  private between(subject: OperandNode): Piece {
    const lower = this.asPart(this.operand());
    this.expectKeyword('AND');
    return condition({ kind: 'between', operand: subject, lower, upper: this.asPart(this.operand()) });
  }

  private candidates(subject: OperandNode): Piece {
    this.expectSymbol('(');
    const candidates: OperandNode[] = [];
    do candidates.push(this.asPart(this.operand()));
    while (this.skipSymbol(','));
    this.expectSymbol(')');
    return condition({ kind: 'in', operand: subject, candidates });
  }

  private asPart(parsed: ParsedOperand): OperandNode {
    this.checkUse(parsed, 'part');
    return parsed.node;
  }

  private asCondition(piece: Piece): ConditionNode {
    if (piece.kind === 'condition') return piece.node;
    const { node } = piece.operand;
    if (node.kind !== 'function') throw this.syntaxError();
    this.checkUse(piece.operand, 'whole');
    return node;
  }
}

function condition(node: ConditionNode): Piece {
  return { kind: 'condition', node, parenthesized: false };
}

function operand(parsed: ParsedOperand): Piece {
  return { kind: 'operand', operand: parsed, parenthesized: false };
}

function isComparator(text: string): text is Comparator {
  return COMPARATORS.has(text);
}
