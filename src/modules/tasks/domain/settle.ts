import { after, HOUR_MS } from '#kernel/clock';
import { toDecimal, type Money } from '#kernel/money';
import { submissionJudged, taskCancelled, taskCompleted, taskUpdated, type Votes } from '../tasks.events.js';
import { refunds, type Board, type Change, type CounterChange } from './change.js';
import { agreedPrice } from './price.js';
import type { Submission, Task, Verdict, VerdictBy, Work } from './task.js';
import { next, nextOfSubmission } from './task.machine.js';

/** Rules §4.13: only an approval by a panel or an operator is a success; null is work that nobody was to judge. */
export const wasJudged = (decidedBy: VerdictBy | null): boolean =>
  decidedBy === 'panel' || decidedBy === 'operator';

/** A chain does not give back, so that USDC waits until a dispute would have been filed. */
const USDC_HOLD_HOURS_MIN = 48;

/** The share of the executor and the burn; the ledger knows how to split. */
export type Split = (price: Money) => { fee: Money; rest: Money };

export function settle(work: Work, verdict: Verdict, votes: Votes, at: Date, split: Split): Change & Work {
  const counters = [tallyOf(work.submission, verdict, votes)];
  return verdict === 'rejected'
    ? { ...rejected(work, votes, at), counters }
    : { ...approved(work, votes, at, verdict === 'unjudged' ? 0 : holdHoursOf(work.task), split), counters };
}

/** What was held is due and nobody disputes it: undefined for anything else. */
export function releasePayout({ task }: Board, at: Date): Change | undefined {
  const { status, payoutState, payoutDueAt } = task;
  if (status !== 'completed' || payoutState !== 'held' || payoutDueAt === null || at < payoutDueAt)
    return undefined;
  const paid: Task = { ...task, payoutState: 'paid', updatedAt: at };
  return {
    task: paid,
    money: [{ kind: 'pay', amount: agreedPrice(task)! }],
    events: [taskUpdated(paid)],
  };
}

/** What a task that has ended may still hold: a payout that waits, and nothing else. */
export const stillHeld = (task: Task): Money[] => (task.payoutState === 'held' ? [agreedPrice(task)!] : []);

/** While the payout is held, the escrow stays as it is. */
function approved(work: Work, votes: Votes, at: Date, holdHours: number, split: Split): Change & Work {
  const price = agreedPrice(work.task)!;
  const { fee, rest } = split(price);
  const task: Task = {
    ...work.task,
    status: next(work.task, 'approve'),
    closeReason: null,
    payoutState: holdHours > 0 ? 'held' : 'paid',
    payoutAmount: toDecimal(rest),
    payoutFee: toDecimal(fee),
    payoutDueAt: after(at, holdHours * HOUR_MS),
    closedAt: at,
    updatedAt: at,
  };
  const submission = judged(work.submission, 'approve', at);
  return {
    task,
    submission,
    money: holdHours > 0 ? [] : [{ kind: 'pay', amount: price }],
    events: [submissionJudged(task, submission, votes), taskCompleted(task)],
  };
}

/** A rejected task is closed for good; a refund is never held. */
function rejected(work: Work, votes: Votes, at: Date): Change & Work {
  const task: Task = {
    ...work.task,
    status: next(work.task, 'reject'),
    closeReason: 'rejected',
    closedAt: at,
    updatedAt: at,
  };
  const submission = judged(work.submission, 'reject', at);
  const refund = [agreedPrice(work.task)!];
  return {
    task,
    submission,
    money: refunds(refund),
    events: [submissionJudged(task, submission, votes), taskCancelled(task, [], refund)],
  };
}

const judged = (submission: Submission, act: 'approve' | 'reject', at: Date): Submission => ({
  ...submission,
  status: nextOfSubmission(submission, act),
  decidedAt: at,
});

/** Approved by nobody's judgement, it is completed and no success: a success rate must not be for sale. */
const tallyOf = ({ agentId }: Submission, verdict: Verdict, votes: Votes): CounterChange => ({
  agentId,
  ...(verdict === 'rejected'
    ? { worksFailed: 1 }
    : { tasksCompleted: 1, worksApproved: wasJudged(votes.decidedBy) ? 1 : 0 }),
  ...ratingsOf(votes.ratings),
});

/** What the scores of those who judged add to a record. */
export const ratingsOf = (ratings: readonly number[]) => ({
  ratingsCount: ratings.length,
  ratingsSum: ratings.reduce((sum, rating) => sum + rating, 0),
});

const holdHoursOf = ({ payoutHoldHours, acceptedCurrency }: Task): number =>
  acceptedCurrency === 'usdc' ? Math.max(payoutHoldHours, USDC_HOLD_HOURS_MIN) : payoutHoldHours;
