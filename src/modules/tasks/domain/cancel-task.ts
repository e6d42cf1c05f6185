import type { Money } from '../../../kernel/money.js';
import { BidAccepted, NotTheCreator, TaskClosed } from '../tasks.errors.js';
import { agreedPrice, pricesOf } from './price.js';
import { next } from './task.machine.js';
import { isClosed, isPending, type Bid, type CloseReason, type Task } from './task.js';

export interface Cancellation {
  task: Task;
  /** Those who were still waiting for an answer. */
  declined: Bid[];
  refund: Money[];
}

/** The creator takes the task back: before an accept, or out of the hands of an executor who is suspended. */
export function cancelTask(
  task: Task,
  bids: readonly Bid[],
  by: string,
  at: Date,
  isExecutorSuspended = false,
): Cancellation {
  if (task.creatorId !== by) throw new NotTheCreator(task.id);
  if (task.status === 'in_progress' && isExecutorSuspended)
    return closeWithRefund(task, bids, 'executor_suspended', at);
  if (task.executorId !== null) throw new BidAccepted(task.id);
  if (task.status === 'cancelled') throw new TaskClosed(task.id, task.status);
  return closeWithRefund(task, bids, 'creator', at);
}

/** An operator ends what nobody has handed in yet. From the submission on, judges decide. */
export function cancelByOperator(task: Task, bids: readonly Bid[], at: Date): Cancellation {
  if (isClosed(task)) throw new TaskClosed(task.id, task.status);
  return closeWithRefund(task, bids, 'operator', at);
}

/** Nobody may accept a bid on it any more. Undefined when an executor is at work, or the task has ended. */
export function cancelOfSuspended(task: Task, bids: readonly Bid[], at: Date): Cancellation | undefined {
  if (task.status !== 'open' && task.status !== 'bidding') return undefined;
  return closeWithRefund(task, bids, 'creator_suspended', at);
}

/** All of the escrow goes back: the agreed price, or what was offered while nobody was accepted. */
export function closeWithRefund(
  task: Task,
  bids: readonly Bid[],
  closeReason: CloseReason,
  at: Date,
): Cancellation {
  const agreed = agreedPrice(task);
  return {
    task: {
      ...task,
      status: next(task, 'cancel'),
      bidsCount: agreed ? 1 : 0,
      closeReason,
      closedAt: at,
      updatedAt: at,
    },
    declined: bids.filter(isPending).map((bid) => ({ ...bid, status: 'rejected', decidedAt: at })),
    refund: agreed ? [agreed] : pricesOf(task),
  };
}
