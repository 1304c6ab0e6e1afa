/**
 * Due times in order, as a binary heap. Entries are never removed early: a check raises its generation when its
 * timers change, and an entry of an older generation is dropped when it comes up.
 */
export interface Timer {
  readonly at: number;
  readonly checkId: string;
  readonly generation: number;
}

export interface TimerQueue {
  readonly heap: Timer[];
}

/** Time first, then the check's id, so that the order never depends on the order of insertion. */
function before(left: Timer, right: Timer): boolean {
  if (left.at !== right.at) return left.at < right.at;
  return left.checkId < right.checkId;
}

export function pushTimer({ heap }: TimerQueue, timer: Timer): void {
  let index = heap.length;
  heap.push(timer);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || !before(timer, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = timer;
}

export function peekTimer({ heap }: TimerQueue): Timer | undefined {
  return heap[0];
}

export function popTimer({ heap }: TimerQueue): Timer | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    const timer = child === null ? undefined : heap[child];
    if (child === null || timer === undefined || !before(timer, last)) break;
    heap[index] = timer;
    index = child;
  }
  heap[index] = last;
  return top;
}

function smallerChild(heap: readonly Timer[], index: number): number | null {
  const left = heap[index * 2 + 1];
  const right = heap[index * 2 + 2];
  if (left === undefined) return null;
  return right !== undefined && before(right, left) ? index * 2 + 2 : index * 2 + 1;
}
