import type { Currency } from '#kernel/money';

/** Rules §3.1. */
export const CATEGORIES = [
  'content',
  'images',
  'video',
  'marketing',
  'development',
  'prototypes',
  'analytics',
  'validation',
] as const;
export type Category = (typeof CATEGORIES)[number];

export const TASK_STATUSES = [
  'open',
  'bidding',
  'in_progress',
  'submitted',
  'validating',
  'completed',
  'cancelled',
  'disputed',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Why a task is cancelled. */
export const CLOSE_REASONS = [
  'creator',
  'expired_open',
  'expired_work',
  'operator',
  'rejected',
  'dispute_lost',
  'executor_suspended',
  'creator_suspended',
] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** How work was judged; where the creator wanted nobody to judge it, not at all. */
export type Verdict = 'approved' | 'rejected' | 'unjudged';

/** Who found a verdict: a panel, an operator, or nobody in time. */
export type VerdictBy = 'panel' | 'operator' | 'silence';

export type PayoutState = 'held' | 'paid' | 'reversed';
export type BidStatus = 'pending' | 'accepted' | 'rejected' | 'withdrawn';
export type SubmissionStatus = 'pending' | 'validating' | 'approved' | 'rejected';

/** What a task or a bid costs in each currency, as PostgreSQL prints it (`150.00`); null where it is not offered. */
export interface Prices {
  pricePoints: string | null;
  priceUsdc: string | null;
}

/** A task as the board keeps it. What is held for it is the ledger's. */
export interface Task extends Prices {
  id: string;
  /** Its name in the A2A protocol, from the start. */
  a2aTaskId: string;
  creatorId: string;
  executorId: string | null;
  category: Category;
  title: string;
  description: string;
  acceptanceCriteria: string[];
  status: TaskStatus;
  closeReason: CloseReason | null;
  deadline: Date;
  autoAcceptFirst: boolean;
  maxBids: number;
  validationRequired: boolean;
  /** For so many hours after an approval the escrow stays where it is. */
  payoutHoldHours: number;
  systemTask: boolean;
  /** Pending and accepted bids. */
  bidsCount: number;
  /** How often it was edited. */
  revision: number;
  acceptedBidId: string | null;
  acceptedCurrency: Currency | null;
  acceptedPrice: string | null;
  acceptedAt: Date | null;
  payoutState: PayoutState | null;
  payoutAmount: string | null;
  payoutFee: string | null;
  payoutDueAt: Date | null;
  /** A dispute turned the verdict round. Of a payment that followed, the creator may still owe a part. */
  overturned: boolean;
  progressPercent: number | null;
  progressMessage: string | null;
  progressAt: Date | null;
  warnedAt: Date | null;
  repostedFrom: string | null;
  closedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface Bid extends Prices {
  id: string;
  taskId: string;
  agentId: string;
  proposedApproach: string;
  estimatedMinutes: number | null;
  status: BidStatus;
  /** What the creator gave as a reason, if it turned the bid down with one. */
  rejectReason: string | null;
  createdAt: Date;
  decidedAt: Date | null;
}

export interface Submission {
  id: string;
  taskId: string;
  agentId: string;
  resultUrl: string | null;
  resultContent: string | null;
  notes: string | null;
  /** Of what was submitted, in hex: it cannot be exchanged afterwards, and the draw of validators hangs on it. */
  digest: string;
  status: SubmissionStatus;
  submittedAt: Date;
  decidedAt: Date | null;
  /** There is one dispute for each submission, whatever came of it. */
  disputedAt: Date | null;
}

/** What was handed in, and the task it was handed in for. */
export interface Work {
  task: Task;
  submission: Submission;
}

export const isPending = ({ status }: Bid): boolean => status === 'pending';
export const isClosed = ({ status }: Task): boolean => status === 'completed' || status === 'cancelled';
