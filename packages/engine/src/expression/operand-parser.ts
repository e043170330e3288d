import type { FunctionNode, OperandNode, PathElement, PathNode, ValueNode } from './ast.js';
import { isReservedWord } from './reserved-words.js';
import { TokenReader } from './token-reader.js';

const MAX_LIST_INDEX = 2 ** 31 - 1;

/** An operand and where it begins in the text. */
export interface ParsedOperand {
  readonly node: OperandNode;
  readonly position: number;
}

/** How a function is used, which decides whether it may be: as a condition or value of its own, or within another. */
export type FunctionUse = 'whole' | 'part';

/** Reads paths, placeholders and function calls. Parsers of whole expressions build on it. */
export abstract class OperandParser extends TokenReader {
  /** Why the function cannot be used so, in AWS's words; undefined when it can. */
  protected abstract functionFault(name: string, use: FunctionUse): string | undefined;

  protected checkUse(operand: ParsedOperand, use: FunctionUse): void {
    if (operand.node.kind !== 'function') return;
    const fault = this.functionFault(operand.node.name, use);
    if (fault !== undefined) this.noteFault(operand.position, fault, [`function: ${operand.node.name}`]);
  }

  /** operand: path | value | function | '(' operand ')' */
  protected operand(): ParsedOperand {
    if (!this.isSymbol('(')) return this.simpleOperand();
    this.openParenthesis();
    if (this.isSymbol('(')) this.noteRedundantParentheses();
    const operand = this.operand();
    this.closeParenthesis();
    return operand;
  }

  protected simpleOperand(): ParsedOperand {
    const token = this.next;
    if (token.type === 'valuePlaceholder') return { node: this.value(), position: token.start };
    if (token.type !== 'name') return { node: this.path(), position: token.start };
    this.take();
    if (this.isSymbol('(')) return { node: this.functionCall(token.text), position: token.start };
    return { node: this.pathFrom(this.nameElement(token.text, token.start)), position: token.start };
  }

  protected value(): ValueNode {
    if (this.next.type !== 'valuePlaceholder') throw this.syntaxError();
    return { kind: 'value', placeholder: this.take().text };
  }

  private functionCall(name: string): FunctionNode {
    this.openParenthesis();
    const operands: OperandNode[] = [];
    do {
      const operand = this.operand();
      this.checkUse(operand, 'part');
      operands.push(operand.node);
    } while (this.skipSymbol(','));
    this.closeParenthesis();
    return { kind: 'function', name, operands };
  }

  protected path(): PathNode {
    return this.pathFrom(this.pathName());
  }

  private pathFrom(first: PathElement): PathNode {
    const elements = [first];
    while (true) {
      if (this.skipSymbol('.')) elements.push(this.pathName());
      else if (this.skipSymbol('[')) elements.push(this.listIndex());
      else return { kind: 'path', elements };
    }
  }

  private pathName(): PathElement {
    const { type, text, start } = this.next;
    if (type !== 'name' && type !== 'namePlaceholder') throw this.syntaxError();
    this.take();
    return type === 'name' ? this.nameElement(text, start) : { kind: 'namePlaceholder', placeholder: text };
  }

  private nameElement(name: string, position: number): PathElement {
    if (isReservedWord(name)) {
      this.noteFault(position, 'Attribute name is a reserved keyword', [`reserved keyword: ${name}`]);
    }
    return { kind: 'name', name };
  }

  private listIndex(): PathElement {
    if (this.next.type !== 'index') throw this.syntaxError();
    const { text, start } = this.take();
    this.expectSymbol(']');
    if (Number(text) > MAX_LIST_INDEX) {
      this.noteFault(start, 'List index is not within the allowable range', [`index: [${text}]`]);
    }
    return { kind: 'index', index: Number(text) };
  }
}
