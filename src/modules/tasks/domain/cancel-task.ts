import { BidAccepted, NotTheCreator, TaskClosed } from '../tasks.errors.js';
import { bidRejected, taskCancelled } from '../tasks.events.js';
import { declinedBids } from './accept-bid.js';
import { refunds, type Board, type Change } from './change.js';
import { agreedPrice, pricesOf } from './price.js';
import { next } from './task.machine.js';
import { isClosed, type CloseReason, type Task } from './task.js';

/** The creator takes the task back: before an accept, or out of the hands of an executor who is suspended. */
export function cancelTask(board: Board, by: string, at: Date, isExecutorSuspended = false): Change {
  const { task } = board;
  if (task.creatorId !== by) throw new NotTheCreator(task.id);
  if (task.status === 'in_progress' && isExecutorSuspended)
    return closeWithRefund(board, 'executor_suspended', at);
  if (task.executorId !== null) throw new BidAccepted(task.id);
  if (task.status === 'cancelled') throw new TaskClosed(task.id, task.status);
  return closeWithRefund(board, 'creator', at);
}

/** An operator ends what nobody has handed in yet. From the submission on, judges decide. */
export function cancelByOperator(board: Board, at: Date): Change {
  const { task } = board;
  if (isClosed(task)) throw new TaskClosed(task.id, task.status);
  return closeWithRefund(board, 'operator', at);
}

/** Nobody may accept a bid on it any more. Undefined when an executor is at work, or the task has ended. */
export function cancelOfSuspended(board: Board, at: Date): Change | undefined {
  const { status } = board.task;
  if (status !== 'open' && status !== 'bidding') return undefined;
  return closeWithRefund(board, 'creator_suspended', at);
}

/** All of the escrow goes back: the agreed price, or what was offered while nobody was accepted. */
export function closeWithRefund({ task, bids }: Board, closeReason: CloseReason, at: Date): Change {
  const agreed = agreedPrice(task);
  const closed: Task = {
    ...task,
    status: next(task, 'cancel'),
    bidsCount: agreed ? 1 : 0,
    closeReason,
    closedAt: at,
    updatedAt: at,
  };
  const declined = declinedBids(bids, at);
  const refund = agreed ? [agreed] : pricesOf(task);
  const why = closeReason === 'expired_open' ? 'task_expired' : 'task_cancelled';
  return {
    task: closed,
    bids: declined,
    money: refunds(refund),
    events: [taskCancelled(closed, declined, refund), ...declined.map((bid) => bidRejected(bid, why))],
  };
}
