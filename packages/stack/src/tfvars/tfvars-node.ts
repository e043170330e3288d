/** A place in a source: 1-based line and column, as editors count. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** One entry of an object or of a whole tfvars file. */
export interface TfvarsEntry {
  readonly key: string;
  readonly at: SourcePosition;
  readonly value: TfvarsNode;
}

/** A literal of a tfvars file, with its place, before it is converted to a variable's type. */
export type TfvarsNode =
  | { readonly kind: 'null'; readonly at: SourcePosition }
  | { readonly kind: 'bool'; readonly at: SourcePosition; readonly value: boolean }
  /** `text` keeps every digit: a number that becomes a string must not lose any. */
  | { readonly kind: 'number'; readonly at: SourcePosition; readonly value: number; readonly text: string }
  | { readonly kind: 'string'; readonly at: SourcePosition; readonly value: string }
  | { readonly kind: 'tuple'; readonly at: SourcePosition; readonly elements: readonly TfvarsNode[] }
  | { readonly kind: 'object'; readonly at: SourcePosition; readonly entries: readonly TfvarsEntry[] };
