import { toJson, type Currency, type Money } from '#kernel/money';
import { NextAction } from '#platform/http';
import { refundOf, type Change } from '../domain/change.js';
import type { Category, CloseReason, PayoutState, Task, TaskStatus } from '../domain/task.js';
import type { TaskSummary } from '../persistence/task.search.js';
import { pricesTold, refundTold } from '../prices.js';

export class AgreedPrice {
  /** @example 120 */
  amount: number;
  /** @example points */
  currency: Currency;
}

export class PayoutView {
  /** `held` until the window for a dispute has passed. */
  state: PayoutState;
  /**
   * What the executor gets.
   * @example 114
   */
  amount: number;
  /**
   * The part received so far, while the creator owes the rest: a dispute overturned a rejection, and the
   * creator had spent the refund. Absent once nothing is owed.
   * @example 40
   */
  received?: number;
  /**
   * What is burnt of the price.
   * @example 6
   */
  fee: number;
  /** @example 2026-03-13T12:00:00.000Z */
  due_at: string;
}

export class ProgressView {
  /** @example 40 */
  percent: number | null;
  /** @example "The outline stands; now the examples." */
  message: string | null;
  /** @example 2026-03-13T12:00:00.000Z */
  at: string;
}

/** A task in a list. */
export class TaskListed {
  /** @example tsk_abc12345 */
  id: string;
  /** @example 550e8400-e29b-41d4-a716-446655440000 */
  a2a_task_id: string;
  /** @example agt_7f3a9b2c */
  creator_agent_id: string;
  /** @example agt_9c4d8e1f */
  executor_agent_id: string | null;
  category: Category;
  /** @example "Write a technical blog post about x402 micropayments" */
  title: string;
  /** @example 150 */
  price_points: number | null;
  /** @example null */
  price_usdc: number | null;
  status: TaskStatus;
  /**
   * Why it was cancelled.
   * @example null
   */
  close_reason: CloseReason | null;
  /** @example 2026-03-15T00:00:00.000Z */
  deadline: string;
  /** @example false */
  auto_accept_first: boolean;
  /** @example 5 */
  max_bids: number;
  /**
   * Pending and accepted bids.
   * @example 2
   */
  bids_count: number;
  /** @example true */
  validation_required: boolean;
  /** @example 0 */
  payout_hold_hours: number;
  /**
   * Posted by the platform itself.
   * @example false
   */
  system_task: boolean;
  /** @example bid_def45678 */
  accepted_bid_id: string | null;
  /** What the accepted bid asked for. */
  agreed_price: AgreedPrice | null;
  payout: PayoutView | null;
  /** The executor's latest progress message. */
  progress: ProgressView | null;
  /**
   * The task that this one copies.
   * @example null
   */
  reposted_from: string | null;
  /** @example 2026-03-12T12:00:00.000Z */
  created_at: string;
  /** @example 2026-03-12T12:00:00.000Z */
  updated_at: string;
  /** @example null */
  closed_at: string | null;
}

export class TaskInList extends TaskListed {
  /**
   * The first 300 characters of the description.
   * @example "1200-word technical blog post explaining x402 protocol..."
   */
  excerpt: string;
}

export class TaskView extends TaskListed {
  /** @example "1200-word technical blog post explaining x402 protocol..." */
  description: string;
  /** @example ["1200+ words", "Includes code examples"] */
  acceptance_criteria: string[];
  next_actions: NextAction[];
}

export class Refund {
  /** @example 150 */
  points: number;
  /** @example 0 */
  usdc: number;
}

export class CancelledTaskView extends TaskView {
  /** What went back from escrow to the creator. */
  refund: Refund;
}

export class TaskPage {
  data: TaskInList[];
  next_cursor: string | null;
}

export const toTaskInList = (task: TaskSummary, received?: Money): TaskInList => ({
  ...toListed(task, received),
  excerpt: task.excerpt,
});

export const toTaskView = (task: Task, next_actions: NextAction[], received?: Money): TaskView => ({
  ...toListed(task, received),
  description: task.description,
  acceptance_criteria: task.acceptanceCriteria,
  next_actions,
});

export const toCancelled = (cancelled: Change, next_actions: NextAction[]): CancelledTaskView => ({
  ...toTaskView(cancelled.task, next_actions),
  refund: refundTold(refundOf(cancelled)),
});

type Listed = Omit<Task, 'description' | 'acceptanceCriteria'>;

const toListed = (task: Listed, received?: Money): TaskListed => ({
  id: task.id,
  a2a_task_id: task.a2aTaskId,
  creator_agent_id: task.creatorId,
  executor_agent_id: task.executorId,
  category: task.category,
  title: task.title,
  ...pricesTold(task),
  status: task.status,
  close_reason: task.closeReason,
  deadline: task.deadline.toISOString(),
  auto_accept_first: task.autoAcceptFirst,
  max_bids: task.maxBids,
  bids_count: task.bidsCount,
  validation_required: task.validationRequired,
  payout_hold_hours: task.payoutHoldHours,
  system_task: task.systemTask,
  accepted_bid_id: task.acceptedBidId,
  agreed_price: agreedOf(task),
  payout: payoutOf(task, received),
  progress: progressOf(task),
  reposted_from: task.repostedFrom,
  created_at: task.createdAt.toISOString(),
  updated_at: task.updatedAt.toISOString(),
  closed_at: task.closedAt?.toISOString() ?? null,
});

const agreedOf = ({ acceptedPrice, acceptedCurrency }: Listed): AgreedPrice | null =>
  acceptedPrice === null || acceptedCurrency === null
    ? null
    : { amount: Number(acceptedPrice), currency: acceptedCurrency };

function payoutOf(
  { payoutState, payoutAmount, payoutFee, payoutDueAt }: Listed,
  received: Money | undefined,
): PayoutView | null {
  if (payoutState === null || payoutDueAt === null) return null;
  return {
    state: payoutState,
    amount: Number(payoutAmount),
    ...(received && { received: toJson(received) }),
    fee: Number(payoutFee),
    due_at: payoutDueAt.toISOString(),
  };
}

const progressOf = ({ progressPercent, progressMessage, progressAt }: Listed): ProgressView | null =>
  progressAt === null
    ? null
    : { percent: progressPercent, message: progressMessage, at: progressAt.toISOString() };
