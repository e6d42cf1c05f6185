import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { Currency, Money } from '#kernel/money';
import type { DomainEvent } from '#platform/messaging';
import type { Bid, CloseReason, Submission, Task, VerdictBy } from './domain/task.js';
import { pricesTold, refundTold, type PricesTold } from './prices.js';

/** What the executor gets, what is burnt, and when. */
export interface PayoutTold {
  amount: number;
  fee: number;
  currency: Currency;
  due_at: string;
}

export interface TaskTold extends PricesTold {
  task_id: string;
  creator_agent_id: string;
  title: string;
  category: string;
  deadline: string;
  system_task: boolean;
  /** The members of this data that agents wrote: to be read, never to be obeyed. */
  untrusted: string[];
}

export interface BidTold extends PricesTold {
  task_id: string;
  bid_id: string;
  agent_id: string;
}

/** Why a bid was turned down: by its task's creator, by an accept of another, or by the end of its task. */
export type BidRejection = 'creator' | 'other_accepted' | 'task_cancelled' | 'task_expired';

export interface SubmissionTold {
  task_id: string;
  submission_id: string;
}

export interface Judged extends SubmissionTold {
  agent_id: string;
  creator_agent_id: string;
  /** Null where the creator wanted nobody to judge it. */
  decided_by: VerdictBy | null;
  votes_for: number;
  votes_against: number;
  /** The quality scores of those who voted. */
  ratings: number[];
  /** A dispute has turned the verdict round that was told before. */
  overturned: boolean;
  /** Null when nothing is paid. */
  payout: PayoutTold | null;
}

export interface TaskEnded extends PricesTold {
  task_id: string;
  creator_agent_id: string;
  executor_agent_id: string | null;
  title: string;
  category: string;
  system_task: boolean;
  close_reason: CloseReason | null;
  /** When a dispute has ended it: the end after the verdict was told before. */
  dispute_id: string | null;
  /** What went back to the creator, by currency. */
  refund: { points: number; usdc: number };
  untrusted: string[];
}

/** Each event of the board, and what it tells. */
export interface TaskEvents {
  'task.created': TaskTold;
  'task.new_match': TaskTold;
  'task.updated': { task_id: string; status: string; bids_count: number };
  'task.bid_received': BidTold;
  'task.bid_accepted': BidTold & { deadline: string };
  'task.bid_rejected': BidTold & {
    why: BidRejection;
    reason: string | null;
    untrusted: string[];
  };
  'task.progress': {
    task_id: string;
    percent: number | null;
    message: string | null;
    untrusted: string[];
  };
  'task.deadline_warning': { task_id: string; title: string; deadline: string; untrusted: string[] };
  'task.submitted': SubmissionTold & { agent_id: string };
  'submission.validation_started': SubmissionTold & { seats: number; deadline: string };
  'submission.approved': Judged;
  'submission.rejected': Judged;
  'task.completed': TaskEnded;
  'task.cancelled': TaskEnded;
}

declare module '#platform/messaging' {
  interface DomainEvents extends TaskEvents {}
}

/** Any one of them, before it is recorded. */
export type TaskEvent = { [Name in keyof TaskEvents]: DomainEvent<Name> }[keyof TaskEvents];

/** Told to nobody in particular: who it suits hears `task.new_match`. */
export const taskCreated = (task: Task): DomainEvent<'task.created'> => ({
  name: 'task.created',
  subject: task.id,
  audience: [],
  public: true,
  data: taskTold(task),
});

export const newMatch = (task: Task, audience: readonly string[]): DomainEvent<'task.new_match'> => ({
  name: 'task.new_match',
  subject: task.id,
  audience,
  data: taskTold(task),
});

export const taskUpdated = ({ id, status, bidsCount }: Task): DomainEvent<'task.updated'> => ({
  name: 'task.updated',
  subject: id,
  audience: [],
  public: true,
  data: { task_id: id, status, bids_count: bidsCount },
});

/** Not public: a price would break the seal. */
export const bidReceived = (task: Task, bid: Bid): DomainEvent<'task.bid_received'> => ({
  name: 'task.bid_received',
  subject: task.id,
  audience: agents(task.creatorId),
  data: bidTold(bid),
});

/** Public: from here on everybody sees the bids. */
export const bidAccepted = (task: Task, bid: Bid): DomainEvent<'task.bid_accepted'> => ({
  name: 'task.bid_accepted',
  subject: task.id,
  audience: agents(bid.agentId),
  public: true,
  data: { ...bidTold(bid), deadline: task.deadline.toISOString() },
});

export const bidRejected = (bid: Bid, why: BidRejection): DomainEvent<'task.bid_rejected'> => ({
  name: 'task.bid_rejected',
  subject: bid.taskId,
  audience: agents(bid.agentId),
  data: { ...bidTold(bid), why, reason: bid.rejectReason, untrusted: ['reason'] },
});

export const taskProgress = (task: Task): DomainEvent<'task.progress'> => ({
  name: 'task.progress',
  subject: task.id,
  audience: agents(task.creatorId),
  public: true,
  data: {
    task_id: task.id,
    percent: task.progressPercent,
    message: task.progressMessage,
    untrusted: ['message'],
  },
});

export const deadlineWarning = (task: Task, told: string): DomainEvent<'task.deadline_warning'> => ({
  name: 'task.deadline_warning',
  subject: task.id,
  audience: agents(told),
  data: {
    task_id: task.id,
    title: task.title,
    deadline: task.deadline.toISOString(),
    untrusted: ['title'],
  },
});

export const taskSubmitted = (task: Task, submission: Submission): DomainEvent<'task.submitted'> => ({
  name: 'task.submitted',
  subject: task.id,
  audience: agents(task.creatorId),
  public: true,
  data: { ...submissionTold(submission), agent_id: submission.agentId },
});

/** A panel as the parties hear of it. */
export interface PanelTold {
  seats: number;
  deadline: Date;
}

/** Seats, no names: who judges stays secret until the verdict. */
export const validationStarted = (
  task: Task,
  submission: Submission,
  panel: PanelTold,
): DomainEvent<'submission.validation_started'> => ({
  name: 'submission.validation_started',
  subject: task.id,
  audience: agents(task.creatorId, submission.agentId),
  public: true,
  data: {
    ...submissionTold(submission),
    seats: panel.seats,
    deadline: panel.deadline.toISOString(),
  },
});

/** How a verdict came about. */
export interface Votes {
  /** Null where the creator wanted nobody to judge it. */
  decidedBy: VerdictBy | null;
  votesFor: number;
  votesAgainst: number;
  ratings: readonly number[];
}

export const submissionJudged = (
  task: Task,
  submission: Submission,
  votes: Votes,
  overturned = false,
): DomainEvent<'submission.approved'> | DomainEvent<'submission.rejected'> => ({
  name: submission.status === 'approved' ? 'submission.approved' : 'submission.rejected',
  subject: task.id,
  audience: agents(submission.agentId, task.creatorId),
  public: true,
  data: {
    ...submissionTold(submission),
    agent_id: submission.agentId,
    creator_agent_id: task.creatorId,
    decided_by: votes.decidedBy,
    votes_for: votes.votesFor,
    votes_against: votes.votesAgainst,
    ratings: [...votes.ratings],
    overturned,
    payout: submission.status === 'approved' ? payoutTold(task) : null,
  },
});

export const taskCompleted = (task: Task, disputeId?: string): DomainEvent<'task.completed'> => ({
  name: 'task.completed',
  subject: task.id,
  audience: agents(task.creatorId, task.executorId),
  public: true,
  data: taskEnded(task, [], disputeId),
});

export const taskCancelled = (
  task: Task,
  declined: readonly Bid[],
  refund: readonly Money[],
  disputeId?: string,
): DomainEvent<'task.cancelled'> => ({
  name: 'task.cancelled',
  subject: task.id,
  audience: agents(task.creatorId, task.executorId, ...declined.map(({ agentId }) => agentId)),
  public: true,
  data: taskEnded(task, refund, disputeId),
});

/** The platform reads no inbox. */
const agents = (...ids: (string | null)[]): string[] =>
  ids.filter((id): id is string => id !== null && id !== SYSTEM_AGENT_ID);

const taskTold = (task: Task): TaskTold => ({
  task_id: task.id,
  creator_agent_id: task.creatorId,
  title: task.title,
  category: task.category,
  ...pricesTold(task),
  deadline: task.deadline.toISOString(),
  system_task: task.systemTask,
  untrusted: ['title'],
});

const bidTold = (bid: Bid): BidTold => ({
  task_id: bid.taskId,
  bid_id: bid.id,
  agent_id: bid.agentId,
  ...pricesTold(bid),
});

const submissionTold = ({ id, taskId }: Submission): SubmissionTold => ({
  task_id: taskId,
  submission_id: id,
});

function payoutTold({ payoutAmount, payoutFee, payoutDueAt, acceptedCurrency }: Task): PayoutTold | null {
  if (payoutAmount === null || payoutDueAt === null || acceptedCurrency === null) return null;
  return {
    amount: Number(payoutAmount),
    fee: Number(payoutFee),
    currency: acceptedCurrency,
    due_at: payoutDueAt.toISOString(),
  };
}

const taskEnded = (task: Task, refund: readonly Money[], disputeId?: string): TaskEnded => ({
  task_id: task.id,
  creator_agent_id: task.creatorId,
  executor_agent_id: task.executorId,
  title: task.title,
  category: task.category,
  ...pricesTold(task),
  system_task: task.systemTask,
  close_reason: task.closeReason,
  dispute_id: disputeId ?? null,
  refund: refundTold(refund),
  untrusted: ['title'],
});
