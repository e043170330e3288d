/** A timer that waits for its time. */
export interface WaitingTimer {
  readonly dueMs: number;
  /** Among timers of one instant, the order of their creation. */
  readonly order: number;
  readonly action: () => unknown;
  cancelled: boolean;
}

/** Timers by time, then by order. Cancelled ones stay until they come up. */
export class TimerHeap {
  readonly #heap: WaitingTimer[] = [];

  push(timer: WaitingTimer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || isBefore(parent, timer)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = timer;
  }

  /** The next timer that is not cancelled; it stays. */
  peek(): WaitingTimer | undefined {
    while (this.#heap[0]?.cancelled === true) this.pop();
    return this.#heap[0];
  }

  pop(): WaitingTimer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      let child = heap[childAt];
      const right = heap[childAt + 1];
      if (child === undefined) break;
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        childAt += 1;
      }
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: WaitingTimer, other: WaitingTimer): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
}
