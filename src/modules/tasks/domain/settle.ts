import { after, HOUR_MS } from '../../../kernel/clock.js';
import { toDecimal, type Money } from '../../../kernel/money.js';
import { agreedPrice } from './price.js';
import { next, nextOfSubmission } from './task.machine.js';
import type { Submission, Task } from './task.js';

/** How the work was judged: by a panel, by an operator, or, where the creator wanted nobody to judge it, not at all. */
export type Verdict = 'approved' | 'rejected' | 'unjudged';

/** Who found a verdict: a panel, an operator, or nobody in time. */
export type VerdictBy = 'panel' | 'operator' | 'silence';

/** RULES §4: only an approval by a panel or an operator is a success; null is work that nobody was to judge. */
export const wasJudged = (decidedBy: VerdictBy | null): boolean =>
  decidedBy === 'panel' || decidedBy === 'operator';

/** A chain does not give back, so that USDC waits until a dispute would have been filed. */
const USDC_HOLD_HOURS_MIN = 48;

/** The share of the executor and the burn; the ledger knows how to split. */
export type Split = (price: Money) => { fee: Money; rest: Money };

export type MoneyConsequence =
  | { kind: 'pay'; amount: Money }
  /** The escrow stays until then. */
  | { kind: 'hold'; amount: Money; dueAt: Date }
  | { kind: 'refund'; amount: Money };

export interface Settlement {
  task: Task;
  submission: Submission;
  money: MoneyConsequence;
}

export function settle(
  task: Task,
  submission: Submission,
  verdict: Verdict,
  at: Date,
  split: Split,
): Settlement {
  const price = agreedPrice(task)!;
  if (verdict === 'rejected') return rejected(task, submission, price, at);
  const holdMs = verdict === 'unjudged' ? 0 : holdHoursOf(task) * HOUR_MS;
  const { fee, rest } = split(price);
  const dueAt = after(at, holdMs);
  return {
    task: {
      ...task,
      status: next(task, 'approve'),
      closeReason: null,
      payoutState: holdMs > 0 ? 'held' : 'paid',
      payoutAmount: toDecimal(rest),
      payoutFee: toDecimal(fee),
      payoutDueAt: dueAt,
      closedAt: at,
      updatedAt: at,
    },
    submission: { ...submission, status: nextOfSubmission(submission, 'approve'), decidedAt: at },
    money: holdMs > 0 ? { kind: 'hold', amount: price, dueAt } : { kind: 'pay', amount: price },
  };
}

/** What was held is due and nobody disputes it: undefined for anything else. */
export function releasePayout(task: Task, at: Date): { task: Task; amount: Money } | undefined {
  const { status, payoutState, payoutDueAt } = task;
  if (status !== 'completed' || payoutState !== 'held' || payoutDueAt === null || at < payoutDueAt)
    return undefined;
  return { task: { ...task, payoutState: 'paid', updatedAt: at }, amount: agreedPrice(task)! };
}

/** What a task that has ended may still hold: a payout that waits, and nothing else. */
export const stillHeld = (task: Task): Money[] => (task.payoutState === 'held' ? [agreedPrice(task)!] : []);

/** A rejected task is closed for good; a refund is never held. */
function rejected(task: Task, submission: Submission, price: Money, at: Date): Settlement {
  return {
    task: { ...task, status: next(task, 'reject'), closeReason: 'rejected', closedAt: at, updatedAt: at },
    submission: { ...submission, status: nextOfSubmission(submission, 'reject'), decidedAt: at },
    money: { kind: 'refund', amount: price },
  };
}

const holdHoursOf = ({ payoutHoldHours, acceptedCurrency }: Task): number =>
  acceptedCurrency === 'usdc' ? Math.max(payoutHoldHours, USDC_HOLD_HOURS_MIN) : payoutHoldHours;
