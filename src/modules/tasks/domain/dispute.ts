import { after, HOUR_MS } from '#kernel/clock';
import { toDecimal } from '#kernel/money';
import {
  DisputeTooLate,
  NothingToDispute,
  NotTheCreator,
  NotTheExecutor,
  VerdictFinal,
  WrongTaskStatus,
} from '../tasks.errors.js';
import { submissionJudged, taskCancelled, taskCompleted, taskUpdated, type Votes } from '../tasks.events.js';
import { refunds, type Board, type Change, type CounterChange, type EscrowMove } from './change.js';
import { agreedPrice } from './price.js';
import { ratingsOf, wasJudged, type Split } from './settle.js';
import type { Submission, Task, VerdictBy, Work } from './task.js';
import { next, nextOfSubmission } from './task.machine.js';

/** Rules §4.10, counted from the verdict. */
export const DISPUTE_WINDOW_MS = 48 * HOUR_MS;

/** How those who heard a dispute decided it, and who had found the verdict that was contested. */
export interface Ruling extends Votes {
  disputeId: string;
  decidedBy: VerdictBy;
  contested: VerdictBy;
}

/** Whom the verdict has gone against may dispute it: the executor a rejection, the creator an approval. */
export function openDispute({ task, submission }: Board, by: string, at: Date): Change & Work {
  const status = next(task, 'dispute');
  if (!submission || !hasVerdict(task)) throw new NothingToDispute(task.id);
  if (task.status === 'completed' && task.creatorId !== by) throw new NotTheCreator(task.id);
  if (task.status === 'cancelled' && task.executorId !== by) throw new NotTheExecutor(task.id);
  if (submission.disputedAt) throw new VerdictFinal(submission.id);
  const until = disputableUntil(submission);
  if (at >= until) throw new DisputeTooLate(task.id, until);
  const contested: Task = { ...task, status, closedAt: null, updatedAt: at };
  return {
    task: contested,
    submission: { ...submission, disputedAt: at },
    events: [taskUpdated(contested)],
  };
}

export const disputableUntil = ({ decidedAt }: Submission): Date => after(decidedAt!, DISPUTE_WINDOW_MS);

/**
 * The verdict stands, and money that has moved stays where it is. A payout that was held for it has waited long enough. An
 * approval that silence had given is a success from now on, where somebody has judged it here.
 */
export function upholdVerdict(board: Board, ruling: Ruling, at: Date): Change {
  const { task, submission } = disputed(board);
  const isNewSuccess =
    submission.status === 'approved' && !wasJudged(ruling.contested) && wasJudged(ruling.decidedBy);
  const counters = [
    {
      agentId: submission.agentId,
      ...(isNewSuccess && { worksApproved: 1 }),
      ...ratingsOf(ruling.ratings),
    },
  ];
  const change = { submission, counters };
  if (submission.status === 'rejected') {
    const cancelled = closed(task, 'reject', at);
    return { ...change, task: cancelled, events: [taskCancelled(cancelled, [], [], ruling.disputeId)] };
  }
  const isHeld = task.payoutState === 'held';
  const completed: Task = {
    ...closed(task, 'approve', at),
    ...(isHeld && { payoutState: 'paid', payoutDueAt: at }),
  };
  return {
    ...change,
    task: completed,
    money: isHeld ? [{ kind: 'pay', amount: agreedPrice(task)! }] : [],
    events: [taskCompleted(completed, ruling.disputeId)],
  };
}

/** The other way round: what is held simply goes there, what has been moved is moved back. */
export function overturnVerdict(board: Board, ruling: Ruling, at: Date, split: Split): Change {
  const { task, submission: judged } = disputed(board);
  const submission: Submission = {
    ...judged,
    status: nextOfSubmission(judged, 'overturn'),
    decidedAt: at,
  };
  const turned =
    submission.status === 'rejected' ? takenBack(task, ruling, at) : paidAfterAll(task, ruling, at, split);
  return {
    ...turned,
    submission,
    counters: [correctionOf(submission, ruling)],
    events: [submissionJudged(turned.task, submission, ruling, true), ...turned.events],
  };
}

function takenBack(task: Task, { disputeId }: Ruling, at: Date): Change {
  const price = agreedPrice(task)!;
  const money: readonly EscrowMove[] =
    task.payoutState === 'held' ? refunds([price]) : [{ kind: 'take_back', amount: price, disputeId }];
  const lost: Task = {
    ...closed(task, 'reject', at),
    closeReason: 'dispute_lost',
    payoutState: 'reversed',
    overturned: true,
  };
  return { task: lost, money, events: [taskCancelled(lost, [], [price], disputeId)] };
}

/** A dispute was the last word, so that nothing is held for another. */
function paidAfterAll(task: Task, { disputeId }: Ruling, at: Date, split: Split): Change {
  const price = agreedPrice(task)!;
  const { fee, rest } = split(price);
  const completed: Task = {
    ...closed(task, 'approve', at),
    closeReason: null,
    payoutState: 'paid',
    payoutAmount: toDecimal(rest),
    payoutFee: toDecimal(fee),
    payoutDueAt: at,
    overturned: true,
  };
  return {
    task: completed,
    money: [{ kind: 'pay_after_all', amount: price, disputeId }],
    events: [taskCompleted(completed, disputeId)],
  };
}

/** What was counted for the first verdict is taken back and the other outcome counted; earlier ratings stay. */
function correctionOf({ agentId, status }: Submission, { contested, ratings }: Ruling): CounterChange {
  const other =
    status === 'approved'
      ? { tasksCompleted: 1, worksApproved: 1, worksFailed: -1 }
      : { tasksCompleted: -1, worksApproved: wasJudged(contested) ? -1 : 0, worksFailed: 1 };
  return { agentId, ...other, ...ratingsOf(ratings) };
}

function disputed({ task, submission }: Board): Work {
  if (task.status !== 'disputed' || !submission) throw new WrongTaskStatus(task.id, task.status);
  return { task, submission };
}

const closed = (task: Task, act: 'approve' | 'reject', at: Date): Task => ({
  ...task,
  status: next(task, act),
  closedAt: at,
  updatedAt: at,
});

/** Where the creator wanted no validation there was no verdict; nor where the task ended without a submission. */
const hasVerdict = ({ validationRequired, status, closeReason }: Task): boolean =>
  validationRequired &&
  (status === 'completed' || closeReason === 'rejected' || closeReason === 'dispute_lost');
