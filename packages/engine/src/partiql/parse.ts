import { ParseCache } from '../expression/index.js';
import type { StatementNode } from './ast.js';
import { parseStatement } from './statement-parser.js';

/** Statements are at most 8 KB long, and programs have few of them. */
const CACHED_STATEMENTS = 500;

const statements = new ParseCache(CACHED_STATEMENTS, parseStatement);

/** The statement of a request, parsed once for all requests. Throws ValidationException with AWS's words. */
export function parse(text: string): StatementNode {
  return statements.get(text);
}
