import { after, HOUR_MS } from '../../../kernel/clock.js';
import { toDecimal, type Money } from '../../../kernel/money.js';
import {
  DisputeTooLate,
  NothingToDispute,
  NotTheCreator,
  NotTheExecutor,
  VerdictFinal,
} from '../tasks.errors.js';
import { agreedPrice } from './price.js';
import type { MoneyConsequence, Split } from './settle.js';
import { next, nextOfSubmission } from './task.machine.js';
import type { Submission, Task } from './task.js';

/** Spec §6.4, counted from the verdict. */
export const DISPUTE_WINDOW_MS = 48 * HOUR_MS;

export type DisputeConsequence =
  | MoneyConsequence
  /** What was paid is taken back, or what was refunded is paid after all. */
  | { kind: 'take_back' | 'pay_after_all'; amount: Money }
  /** Money that has moved already stays where it is. */
  | { kind: 'stay' };

export interface Resolution {
  task: Task;
  submission: Submission;
  money: DisputeConsequence;
}

/** Whom the verdict has gone against may dispute it: the executor a rejection, the creator an approval. */
export function openDispute(
  task: Task,
  submission: Submission | undefined,
  by: string,
  at: Date,
): { task: Task; submission: Submission } {
  const status = next(task, 'dispute');
  if (!submission || !wasJudged(task)) throw new NothingToDispute(task.id);
  if (task.status === 'completed' && task.creatorId !== by) throw new NotTheCreator(task.id);
  if (task.status === 'cancelled' && task.executorId !== by) throw new NotTheExecutor(task.id);
  if (submission.disputedAt) throw new VerdictFinal(submission.id);
  const until = disputableUntil(submission);
  if (at >= until) throw new DisputeTooLate(task.id, until);
  return {
    task: { ...task, status, closedAt: null, updatedAt: at },
    submission: { ...submission, disputedAt: at },
  };
}

export const disputableUntil = ({ decidedAt }: Submission): Date => after(decidedAt!, DISPUTE_WINDOW_MS);

/** The verdict stands. A payout that was held for it has waited long enough. */
export function upholdVerdict(task: Task, submission: Submission, at: Date): Resolution {
  if (submission.status === 'rejected') {
    return { task: closed(task, 'reject', at), submission, money: { kind: 'stay' } };
  }
  const completed = closed(task, 'approve', at);
  if (task.payoutState !== 'held') return { task: completed, submission, money: { kind: 'stay' } };
  return {
    task: { ...completed, payoutState: 'paid', payoutDueAt: at },
    submission,
    money: { kind: 'pay', amount: agreedPrice(task)! },
  };
}

/** The other way round: what is held simply goes there, what has been moved is moved back. */
export function overturnVerdict(task: Task, submission: Submission, at: Date, split: Split): Resolution {
  const overturned: Submission = {
    ...submission,
    status: nextOfSubmission(submission, 'overturn'),
    decidedAt: at,
  };
  const price = agreedPrice(task)!;
  return submission.status === 'approved'
    ? takenBack(task, overturned, price, at)
    : paidAfterAll(task, overturned, price, at, split);
}

function takenBack(task: Task, submission: Submission, price: Money, at: Date): Resolution {
  return {
    task: {
      ...closed(task, 'reject', at),
      closeReason: 'dispute_lost',
      payoutState: 'reversed',
      overturned: true,
    },
    submission,
    money: { kind: task.payoutState === 'held' ? 'refund' : 'take_back', amount: price },
  };
}

/** A dispute was the last word, so that nothing is held for another. */
function paidAfterAll(task: Task, submission: Submission, price: Money, at: Date, split: Split): Resolution {
  const { fee, rest } = split(price);
  return {
    task: {
      ...closed(task, 'approve', at),
      closeReason: null,
      payoutState: 'paid',
      payoutAmount: toDecimal(rest),
      payoutFee: toDecimal(fee),
      payoutDueAt: at,
      overturned: true,
    },
    submission,
    money: { kind: 'pay_after_all', amount: price },
  };
}

const closed = (task: Task, act: 'approve' | 'reject', at: Date): Task => ({
  ...task,
  status: next(task, act),
  closedAt: at,
  updatedAt: at,
});

/** Where the creator wanted no validation there was no verdict; nor where the task ended without a submission. */
const wasJudged = ({ validationRequired, status, closeReason }: Task): boolean =>
  validationRequired &&
  (status === 'completed' || closeReason === 'rejected' || closeReason === 'dispute_lost');
