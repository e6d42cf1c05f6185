import { DeadlinePassed, NotTheExecutor, ResultMissing } from '../tasks.errors.js';
import { taskSubmitted, validationStarted, type PanelTold } from '../tasks.events.js';
import type { Board, Change } from './change.js';
import { workEndsAt } from './expire.js';
import { settle, type Split } from './settle.js';
import { next, nextOfSubmission } from './task.machine.js';
import type { Submission, Task, Work } from './task.js';

export type Result = Pick<Submission, 'id' | 'resultUrl' | 'resultContent' | 'notes' | 'digest'>;

/**
 * Late work counts as long as the grace lasts: after it the task is as good as expired. Where the creator wanted no
 * validation, it is approved and paid with it.
 */
export function submitResult(
  { task }: Board,
  result: Result,
  by: string,
  at: Date,
  split: Split,
): Change & Work {
  if (task.executorId !== by) throw new NotTheExecutor(task.id);
  const status = next(task, 'submit');
  if (at >= workEndsAt(task)) throw new DeadlinePassed(task.id, task.deadline);
  if (!result.resultUrl && !result.resultContent) throw new ResultMissing();
  const submitted: Task = { ...task, status, updatedAt: at };
  const submission: Submission = {
    ...result,
    taskId: task.id,
    agentId: by,
    status: 'pending',
    submittedAt: at,
    decidedAt: null,
    disputedAt: null,
  };
  const told = taskSubmitted(submitted, submission);
  if (task.validationRequired) return { task: submitted, submission, events: [told] };
  const settled = settle({ task: submitted, submission }, 'unjudged', NO_VOTES, at, split);
  return { ...settled, events: [told, ...settled.events] };
}

/** The first validator has taken its seat. */
export function startValidation({ task, submission }: Work, panel: PanelTold, at: Date): Change & Work {
  const started: Work = {
    task: { ...task, status: next(task, 'start_validation'), updatedAt: at },
    submission: { ...submission, status: nextOfSubmission(submission, 'start_validation') },
  };
  return { ...started, events: [validationStarted(started.task, started.submission, panel)] };
}

const NO_VOTES = { decidedBy: null, votesFor: 0, votesAgainst: 0, ratings: [] };
