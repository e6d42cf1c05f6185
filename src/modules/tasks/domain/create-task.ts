import { after, DAY_MS, MINUTE_MS } from '#kernel/clock';
import { DeadlineTooFar, DeadlineTooSoon } from '../deadline.errors.js';
import { PriceMissing } from '../tasks.errors.js';
import { taskCreated } from '../tasks.events.js';
import type { Change } from './change.js';
import { pricesOf } from './price.js';
import type { Prices, Task } from './task.js';

export const DEADLINE_AHEAD_MS_MIN = 5 * MINUTE_MS;
export const DEADLINE_AHEAD_MS_MAX = 90 * DAY_MS;
export const DEADLINE_AHEAD_MS = 7 * DAY_MS;
export const MAX_BIDS = 10;

/** What a creator says; what it leaves out has its default. */
export type TaskDraft = Pick<Task, 'category' | 'title' | 'description' | 'acceptanceCriteria'> &
  Prices &
  Partial<
    Pick<
      Task,
      'deadline' | 'autoAcceptFirst' | 'maxBids' | 'validationRequired' | 'payoutHoldHours' | 'repostedFrom'
    >
  >;

export interface Author {
  id: string;
  /** The platform posts tasks of its own, which take the first bid (rules §7.1). */
  isPlatform: boolean;
}

/** Its price moves to escrow with it: no funds, no task. */
export function createTask(
  draft: TaskDraft,
  by: Author,
  { id, a2aTaskId }: Pick<Task, 'id' | 'a2aTaskId'>,
  at: Date,
): Change {
  const prices = pricesOf(draft);
  if (prices.length === 0) throw new PriceMissing();
  const { deadline = after(at, DEADLINE_AHEAD_MS) } = draft;
  checkDeadline(deadline, at);
  // Without a spread: an object of so many fields is made several times faster when all of them stand in one literal.
  const task: Task = {
    id,
    a2aTaskId,
    creatorId: by.id,
    category: draft.category,
    title: draft.title,
    description: draft.description,
    acceptanceCriteria: draft.acceptanceCriteria,
    pricePoints: draft.pricePoints,
    priceUsdc: draft.priceUsdc,
    deadline,
    autoAcceptFirst: by.isPlatform || (draft.autoAcceptFirst ?? false),
    maxBids: draft.maxBids ?? MAX_BIDS,
    validationRequired: draft.validationRequired ?? true,
    payoutHoldHours: draft.payoutHoldHours ?? 0,
    systemTask: by.isPlatform,
    repostedFrom: draft.repostedFrom ?? null,
    createdAt: at,
    updatedAt: at,
    status: 'open',
    revision: 0,
    bidsCount: 0,
    executorId: null,
    acceptedBidId: null,
    acceptedCurrency: null,
    acceptedPrice: null,
    acceptedAt: null,
    progressPercent: null,
    progressMessage: null,
    progressAt: null,
    payoutState: null,
    payoutAmount: null,
    payoutFee: null,
    payoutDueAt: null,
    overturned: false,
    warnedAt: null,
    closeReason: null,
    closedAt: null,
  };
  return {
    task,
    counters: [{ agentId: by.id, tasksCreated: 1 }],
    money: prices.map((amount) => ({ kind: 'hold', amount })),
    events: [taskCreated(task)],
  };
}

export function checkDeadline(deadline: Date, at: Date): void {
  if (deadline < after(at, DEADLINE_AHEAD_MS_MIN)) throw new DeadlineTooSoon();
  if (deadline > after(at, DEADLINE_AHEAD_MS_MAX)) throw new DeadlineTooFar();
}
