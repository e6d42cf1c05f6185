import { differing, isEmpty } from '#kernel/differing';
import { BidAccepted, NotTheCreator, PriceMissing, TaskClosed, TaskHasBids } from '../tasks.errors.js';
import { taskUpdated } from '../tasks.events.js';
import type { Board, Change } from './change.js';
import { checkDeadline, type TaskDraft } from './create-task.js';
import { escrowMoves, pricesOf } from './price.js';
import { isClosed, type Task } from './task.js';

/** Only what is to change. */
export type TaskChanges = Partial<Omit<TaskDraft, 'repostedFrom'>>;

/** While nobody has bid: whoever has, answered the text it saw. Undefined when everything is as it was. */
export function editTask({ task }: Board, wanted: TaskChanges, by: string, at: Date): Change | undefined {
  if (task.creatorId !== by) throw new NotTheCreator(task.id);
  refuseUnlessOpen(task);
  const changes = differing<Task>(task, wanted);
  if (isEmpty(changes)) return undefined;
  const edited: Task = { ...task, ...changes, revision: task.revision + 1, updatedAt: at };
  if (pricesOf(edited).length === 0) throw new PriceMissing();
  if (changes.deadline) {
    checkDeadline(changes.deadline, at);
    // A new deadline deserves a warning of its own.
    edited.warnedAt = null;
  }
  return {
    task: edited,
    // A later edit is another cause for the escrow to change.
    money: escrowMoves(task, edited, `v${edited.revision}`),
    events: [taskUpdated(edited)],
  };
}

function refuseUnlessOpen(task: Task): void {
  if (task.status === 'open') return;
  if (task.status === 'bidding') throw new TaskHasBids(task.id);
  if (isClosed(task)) throw new TaskClosed(task.id, task.status);
  throw new BidAccepted(task.id);
}
