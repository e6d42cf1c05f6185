import { NotTheExecutor, DeadlinePassed, ResultMissing } from '../tasks.errors.js';
import { workEndsAt } from './expire.js';
import { next, nextOfSubmission } from './task.machine.js';
import type { Submission, Task } from './task.js';

export type Result = Pick<Submission, 'resultUrl' | 'resultContent' | 'notes' | 'digest'>;

/** A submission that has no id yet. */
export type NewSubmission = Omit<Submission, 'id'>;

/** Late work counts as long as the grace lasts: after it the task is as good as expired. */
export function submitResult(
  task: Task,
  result: Result,
  by: string,
  at: Date,
): { task: Task; submission: NewSubmission } {
  if (task.executorId !== by) throw new NotTheExecutor(task.id);
  const status = next(task, 'submit');
  if (at >= workEndsAt(task)) throw new DeadlinePassed(task.id, task.deadline);
  if (!result.resultUrl && !result.resultContent) throw new ResultMissing();
  return {
    task: { ...task, status, updatedAt: at },
    submission: {
      ...result,
      taskId: task.id,
      agentId: by,
      status: 'pending',
      submittedAt: at,
      decidedAt: null,
      disputedAt: null,
    },
  };
}

/** The first validator has taken its seat. */
export function startValidation(
  task: Task,
  submission: Submission,
  at: Date,
): { task: Task; submission: Submission } {
  return {
    task: { ...task, status: next(task, 'start_validation'), updatedAt: at },
    submission: { ...submission, status: nextOfSubmission(submission, 'start_validation') },
  };
}
