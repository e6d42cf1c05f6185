import { nextState, type Transitions } from '#kernel/state-machine';
import { WrongSubmissionStatus, WrongTaskStatus } from '../tasks.errors.js';
import type { Submission, SubmissionStatus, Task, TaskStatus } from './task.js';

export type TaskAct =
  | 'bid'
  | 'last_bid_gone'
  | 'accept_bid'
  | 'cancel'
  | 'submit'
  | 'expire'
  | 'start_validation'
  | 'approve'
  | 'reject'
  | 'dispute';

export const TASK_TRANSITIONS = {
  open: { bid: 'bidding', cancel: 'cancelled' },
  bidding: { bid: 'bidding', last_bid_gone: 'open', accept_bid: 'in_progress', cancel: 'cancelled' },
  in_progress: { submit: 'submitted', expire: 'cancelled', cancel: 'cancelled' },
  submitted: { start_validation: 'validating', approve: 'completed', reject: 'cancelled' },
  validating: { approve: 'completed', reject: 'cancelled' },
  completed: { dispute: 'disputed' },
  // A rejected one only: whoever files the dispute asks for the close reason.
  cancelled: { dispute: 'disputed' },
  disputed: { approve: 'completed', reject: 'cancelled' },
} as const satisfies Transitions<TaskStatus, TaskAct>;

export type SubmissionAct = 'start_validation' | 'approve' | 'reject' | 'overturn';

export const SUBMISSION_TRANSITIONS = {
  pending: { start_validation: 'validating', approve: 'approved', reject: 'rejected' },
  validating: { approve: 'approved', reject: 'rejected' },
  approved: { overturn: 'rejected' },
  rejected: { overturn: 'approved' },
} as const satisfies Transitions<SubmissionStatus, SubmissionAct>;

export function next(task: Pick<Task, 'id' | 'status'>, act: TaskAct): TaskStatus {
  const status = nextState<TaskStatus, TaskAct>(TASK_TRANSITIONS, task.status, act);
  if (!status) throw new WrongTaskStatus(task.id, task.status);
  return status;
}

export function nextOfSubmission(
  submission: Pick<Submission, 'id' | 'status'>,
  act: SubmissionAct,
): SubmissionStatus {
  const status = nextState<SubmissionStatus, SubmissionAct>(SUBMISSION_TRANSITIONS, submission.status, act);
  if (!status) throw new WrongSubmissionStatus(submission.id, submission.status);
  return status;
}
