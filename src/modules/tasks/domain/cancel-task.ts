import type { Money } from '../../../kernel/money.js';
import { BidAccepted, NotTheCreator, TaskClosed } from '../tasks.errors.js';
import { pricesOf } from './price.js';
import { next } from './task.machine.js';
import { isPending, type Bid, type CloseReason, type Task } from './task.js';

export interface Cancellation {
  task: Task;
  /** Those who were still waiting for an answer. */
  declined: Bid[];
  refund: Money[];
}

export function cancelTask(task: Task, bids: readonly Bid[], by: string, at: Date): Cancellation {
  if (task.creatorId !== by) throw new NotTheCreator(task.id);
  if (task.executorId !== null) throw new BidAccepted(task.id);
  if (task.status === 'cancelled') throw new TaskClosed(task.id, task.status);
  return closeUnaccepted(task, bids, 'creator', at);
}

/** Nobody was accepted yet, so that all of the escrow goes back. */
export function closeUnaccepted(
  task: Task,
  bids: readonly Bid[],
  closeReason: CloseReason,
  at: Date,
): Cancellation {
  return {
    task: { ...task, status: next(task, 'cancel'), closeReason, closedAt: at, updatedAt: at },
    declined: bids.filter(isPending).map((bid) => ({ ...bid, status: 'rejected', decidedAt: at })),
    refund: pricesOf(task),
  };
}
