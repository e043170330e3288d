/** A task that is over; kept by queue and number. */
export interface MoveTaskRecord {
  readonly status: 'COMPLETED' | 'FAILED';
  readonly destinationArn?: string;
  readonly perSecond?: number;
  readonly moved: number;
  readonly toMove: number;
  readonly failure?: string;
  readonly startedMs: number;
}
