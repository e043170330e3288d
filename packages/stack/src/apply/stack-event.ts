/** Progress of a plan or an apply. `line` is Terraform's own wording, ready to print. */
export interface StackEvent {
  readonly kind:
    | 'refreshing'
    | 'creating'
    | 'created'
    | 'modifying'
    | 'modified'
    | 'destroying'
    | 'destroyed'
    | 'still-waiting'
    | 'importing'
    | 'imported'
    | 'failed';
  readonly address: string;
  /** `users-table`, the id AWS knows the resource by, where it is known. */
  readonly id?: string;
  readonly elapsedMs?: number;
  /** Such as `aws_dynamodb_table.this: Creation complete after 7s [id=users-table]`. */
  readonly line: string;
}

export type OnStackEvent = (event: StackEvent) => void;
