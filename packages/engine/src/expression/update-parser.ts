import type { SetValueNode, UpdateActionNode, UpdateNode } from './ast.js';
import { updateFunctionFault } from './functions.js';
import { type FunctionUse, OperandParser, type ParsedOperand } from './operand-parser.js';

type Piece = (
  | { readonly kind: 'arithmetic'; readonly node: SetValueNode }
  | { readonly kind: 'operand'; readonly operand: ParsedOperand }
) & { readonly parenthesized: boolean };

/** Reads an update: sections SET, REMOVE, ADD and DELETE in any order, each at most once. */
export class UpdateParser extends OperandParser {
  private readonly actions: UpdateActionNode[] = [];

  parse(): UpdateNode {
    const sections = new Set<string>();
    do {
      const { type, text, start } = this.next;
      const parseAction = type === 'keyword' ? this.actionParser(text) : undefined;
      if (parseAction === undefined) throw this.syntaxError();
      this.take();
      if (sections.has(text)) {
        this.noteFault(start, `The "${text}" section can only be used once in an update expression`, [], true);
      }
      sections.add(text);
      do this.actions.push(parseAction());
      while (this.skipSymbol(','));
    } while (this.next.type !== 'end');
    this.finish();
    return { kind: 'update', actions: this.actions };
  }

  protected override functionFault(name: string, use: FunctionUse): string | undefined {
    return updateFunctionFault(name, use === 'whole');
  }

  private actionParser(section: string): (() => UpdateActionNode) | undefined {
    switch (section) {
      case 'SET':
        return () => this.setAction();
      case 'REMOVE':
        return () => ({ kind: 'remove', path: this.path() });
      case 'ADD':
        return () => ({ kind: 'add', path: this.path(), value: this.value() });
      case 'DELETE':
        return () => ({ kind: 'delete', path: this.path(), value: this.value() });
      default:
        return undefined;
    }
  }

  private setAction(): UpdateActionNode {
    const path = this.path();
    this.expectSymbol('=');
    const piece = this.setValue();
    if (piece.kind === 'arithmetic') return { kind: 'set', path, value: piece.node };
    this.checkUse(piece.operand, 'whole');
    return { kind: 'set', path, value: piece.operand.node };
  }

  private setValue(): Piece {
    const piece = this.isSymbol('(') ? this.group() : this.bare();
    if (piece.kind === 'arithmetic') return piece;
    const operator = this.next.text;
    if (this.next.type !== 'symbol' || (operator !== '+' && operator !== '-')) return piece;
    this.take();
    const right = this.operand();
    this.checkUse(piece.operand, 'part');
    this.checkUse(right, 'part');
    const node: SetValueNode = { kind: 'arithmetic', operator, left: piece.operand.node, right: right.node };
    return { kind: 'arithmetic', node, parenthesized: false };
  }

  private bare(): Piece {
    return { kind: 'operand', operand: this.simpleOperand(), parenthesized: false };
  }

  private group(): Piece {
    this.openParenthesis();
    const piece = this.setValue();
    if (piece.parenthesized) this.noteRedundantParentheses();
    this.closeParenthesis();
    return { ...piece, parenthesized: true };
  }
}
