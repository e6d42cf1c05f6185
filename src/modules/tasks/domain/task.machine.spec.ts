import { aSubmission, aTask } from '#test/builders/board';
import { WrongSubmissionStatus, WrongTaskStatus } from '../tasks.errors.js';
import { TASK_STATUSES, type SubmissionStatus, type TaskStatus } from './task.js';
import {
  next,
  nextOfSubmission,
  SUBMISSION_TRANSITIONS,
  TASK_TRANSITIONS,
  type SubmissionAct,
  type TaskAct,
} from './task.machine.js';

const ACTS: readonly TaskAct[] = [
  'bid',
  'last_bid_gone',
  'accept_bid',
  'cancel',
  'submit',
  'expire',
  'start_validation',
  'approve',
  'reject',
  'dispute',
];

/** Every act from every status, as rules §3.2 has it; what is not listed is refused. */
const LEADS_TO: Readonly<Record<TaskStatus, Partial<Record<TaskAct, TaskStatus>>>> = {
  open: { bid: 'bidding', cancel: 'cancelled' },
  bidding: { bid: 'bidding', last_bid_gone: 'open', accept_bid: 'in_progress', cancel: 'cancelled' },
  in_progress: { submit: 'submitted', expire: 'cancelled', cancel: 'cancelled' },
  submitted: { start_validation: 'validating', approve: 'completed', reject: 'cancelled' },
  validating: { approve: 'completed', reject: 'cancelled' },
  completed: { dispute: 'disputed' },
  cancelled: { dispute: 'disputed' },
  disputed: { approve: 'completed', reject: 'cancelled' },
};

describe('A task', () => {
  it.each(TASK_STATUSES.flatMap((status) => ACTS.map((act) => [status, act] as const)))(
    'that is %s: %s',
    (status, act) => {
      const expected = LEADS_TO[status][act];
      const step = () => next(aTask({ status }), act);
      if (expected) expect(step()).toBe(expected);
      else expect(step).toThrow(WrongTaskStatus);
    },
  );

  it('never leads from its end back to work', () => {
    const reachable = (from: TaskStatus, seen = new Set<TaskStatus>()): Set<TaskStatus> => {
      for (const to of Object.values(TASK_TRANSITIONS[from])) {
        if (!seen.has(to)) reachable(to, seen.add(to));
      }
      return seen;
    };
    for (const end of ['completed', 'cancelled'] as const)
      expect([...reachable(end)].toSorted()).toEqual(['cancelled', 'completed', 'disputed']);
  });
});

describe('A submission', () => {
  const acts: readonly SubmissionAct[] = ['start_validation', 'approve', 'reject', 'overturn'];
  const leadsTo: Readonly<Record<SubmissionStatus, readonly (SubmissionStatus | undefined)[]>> = {
    pending: ['validating', 'approved', 'rejected', undefined],
    validating: [undefined, 'approved', 'rejected', undefined],
    approved: [undefined, undefined, undefined, 'rejected'],
    rejected: [undefined, undefined, undefined, 'approved'],
  };

  it.each(
    Object.keys(SUBMISSION_TRANSITIONS).flatMap((status) =>
      acts.map((act, index) => [status as SubmissionStatus, act, index] as const),
    ),
  )('that is %s: %s', (status, act, index) => {
    const expected = leadsTo[status][index];
    const step = () => nextOfSubmission(aSubmission({ status }), act);
    if (expected) expect(step()).toBe(expected);
    else expect(step).toThrow(WrongSubmissionStatus);
  });
});
