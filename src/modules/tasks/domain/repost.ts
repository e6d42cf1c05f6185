import { NotTheCreator, TaskNotClosed } from '../tasks.errors.js';
import type { TaskDraft } from './create-task.js';
import { isClosed, type Task } from './task.js';

/** The same task once more, paid for anew. The old one stays closed. */
export function repost(task: Task, by: string, deadline?: Date): TaskDraft {
  if (task.creatorId !== by) throw new NotTheCreator(task.id);
  if (!isClosed(task)) throw new TaskNotClosed(task.id, task.status);
  return {
    category: task.category,
    title: task.title,
    description: task.description,
    acceptanceCriteria: task.acceptanceCriteria,
    pricePoints: task.pricePoints,
    priceUsdc: task.priceUsdc,
    autoAcceptFirst: task.autoAcceptFirst,
    maxBids: task.maxBids,
    validationRequired: task.validationRequired,
    payoutHoldHours: task.payoutHoldHours,
    repostedFrom: task.id,
    ...(deadline && { deadline }),
  };
}
