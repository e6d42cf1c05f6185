import { DeadlinePassed, NotTheExecutor, WrongTaskStatus } from '../tasks.errors.js';
import { taskProgress } from '../tasks.events.js';
import type { Board, Change } from './change.js';
import { workEndsAt } from './expire.js';
import type { Task } from './task.js';

/** What the executor tells; what it leaves out stays as it was, so that an empty report is a sign of life. */
export interface ProgressReport {
  percent?: number | undefined;
  message?: string | undefined;
}

export function reportProgress({ task }: Board, report: ProgressReport, by: string, at: Date): Change {
  if (task.executorId !== by) throw new NotTheExecutor(task.id);
  if (task.status !== 'in_progress') throw new WrongTaskStatus(task.id, task.status);
  if (at >= workEndsAt(task)) throw new DeadlinePassed(task.id, task.deadline);
  const reported: Task = {
    ...task,
    progressPercent: report.percent ?? task.progressPercent,
    progressMessage: report.message ?? task.progressMessage,
    progressAt: at,
    updatedAt: at,
  };
  return { task: reported, events: [taskProgress(reported)] };
}
