import { after, before } from '#kernel/clock';
import { EXPIRES_MS, WARNING_MS, type Task } from '#modules/tasks';

/** When time next does something to a task, as the indexes of the database find it. */
export function dueAt(task: Task, now: Date): Date | undefined {
  switch (task.status) {
    case 'open':
    case 'bidding':
    case 'in_progress':
      return warningAt(task, now) ?? after(task.deadline, EXPIRES_MS[task.status]);
    case 'completed':
      return task.payoutState === 'held' ? task.payoutDueAt! : undefined;
    case 'submitted':
    case 'validating':
    case 'cancelled':
    case 'disputed':
      return undefined;
  }
}

function warningAt({ warnedAt, deadline, acceptedAt, createdAt }: Task, now: Date): Date | undefined {
  const warnAt = before(deadline, WARNING_MS);
  const knewSince = acceptedAt ?? createdAt;
  return warnedAt || deadline <= now || knewSince > warnAt ? undefined : warnAt;
}
