import { after, before, DAY_MS, HOUR_MS } from '#kernel/clock';
import { deadlineWarning, taskCancelled } from '../tasks.events.js';
import { closeWithRefund } from './cancel-task.js';
import { refunds, type Board, type Change } from './change.js';
import { agreedPrice } from './price.js';
import type { Task } from './task.js';
import { next } from './task.machine.js';

export const WORK_GRACE_MS = HOUR_MS;
export const WARNING_MS = DAY_MS;

/** How long after its deadline a task in each of these states is over: nobody bids any more from the moment after it. */
export const EXPIRES_MS = { open: 1, bidding: 1, in_progress: WORK_GRACE_MS } as const;

/** Whoever works has an hour more than the deadline says. */
export const workEndsAt = ({ deadline }: Pick<Task, 'deadline'>): Date => after(deadline, WORK_GRACE_MS);

/** Undefined for a task that has not expired, or that expires no more. */
export function expire(board: Board, at: Date): Change | undefined {
  const { task } = board;
  switch (task.status) {
    case 'open':
    case 'bidding':
      return at > task.deadline ? closeWithRefund(board, 'expired_open', at) : undefined;
    case 'in_progress':
      return at >= workEndsAt(task) ? expireWork(task, at) : undefined;
    case 'submitted':
    case 'validating':
    case 'completed':
    case 'cancelled':
    case 'disputed':
      return undefined;
  }
}

/** The failure is the executor's: its record says so, and its reputation follows from the reason. */
function expireWork(task: Task, at: Date): Change {
  const expired: Task = {
    ...task,
    status: next(task, 'expire'),
    closeReason: 'expired_work',
    closedAt: at,
    updatedAt: at,
  };
  const refund = [agreedPrice(task)!];
  return {
    task: expired,
    counters: [{ agentId: task.executorId!, worksFailed: 1 }],
    money: refunds(refund),
    events: [taskCancelled(expired, [], refund)],
  };
}

/**
 * Who is to be warned of the deadline now: the executor, or the creator while nobody is accepted. Once, and nobody
 * who took up the task, or put it up, when less than a day was left: that agent knew.
 */
export function warned({ task }: Board, at: Date): Change | undefined {
  const told = tellsOfDeadline(task);
  const warnAt = before(task.deadline, WARNING_MS);
  const knewSince = task.acceptedAt ?? task.createdAt;
  if (!told || task.warnedAt || at < warnAt || at >= task.deadline || knewSince > warnAt) return undefined;
  return { task: { ...task, warnedAt: at }, events: [deadlineWarning(task, told)] };
}

function tellsOfDeadline({ status, creatorId, executorId }: Task): string | undefined {
  if (status === 'in_progress') return executorId ?? undefined;
  return status === 'open' || status === 'bidding' ? creatorId : undefined;
}
