import { SYSTEM_AGENT_ID } from '#kernel/ids';
import type { DomainEvent } from '#platform/messaging';
import type { Dispute, DisputeStatus, Outcome, Resolution, ResolvedBy } from './domain/dispute.js';
import type { DecidedBy } from './domain/judgement.js';
import type { Seat } from './domain/panel.js';
import type { SeatEnd } from './domain/rewards.js';

export interface SeatTold {
  validation_id: string;
  submission_id: string;
  task_id: string;
  agent_id: string;
}

export interface DisputeTold {
  dispute_id: string;
  task_id: string;
  submission_id: string;
  filed_by: string;
  creator_agent_id: string;
  executor_agent_id: string;
  status: DisputeStatus;
  deadline: string;
}

export interface DisputeEnd extends DisputeTold {
  /** What the submission is from now on. */
  outcome: Outcome;
  overturned: boolean;
  resolved_by: ResolvedBy;
  /** Who had found the verdict that was contested. */
  contested_decided_by: DecidedBy;
  /** Who pays the penalty; null when nobody decided. */
  loser_agent_id: string | null;
}

/** Each event of a judgement, and what it tells. */
export interface ValidationEvents {
  'validation.assigned': SeatTold & { deadline: string };
  'validation.closed': SeatTold & { why: SeatEnd };
  'dispute.opened': DisputeTold;
  'dispute.resolved': DisputeEnd;
}

declare module '#platform/messaging' {
  interface DomainEvents extends ValidationEvents {}
}

/** Any one of them, before it is recorded. */
export type ValidationEvent = { [Name in keyof ValidationEvents]: DomainEvent<Name> }[keyof ValidationEvents];

/** Not public: a panel's names would tell whose vote is whose. */
export const validationAssigned = (seat: Seat, taskId: string): DomainEvent<'validation.assigned'> => ({
  name: 'validation.assigned',
  subject: seat.agentId,
  audience: [seat.agentId],
  data: { ...seatTold(seat, taskId), deadline: seat.deadline.toISOString() },
});

export const validationClosed = (
  seat: Seat & { end: SeatEnd },
  taskId: string,
): DomainEvent<'validation.closed'> => ({
  name: 'validation.closed',
  subject: seat.agentId,
  audience: [seat.agentId],
  data: { ...seatTold(seat, taskId), why: seat.end },
});

export const disputeOpened = (dispute: Dispute, panel: readonly Seat[]): DomainEvent<'dispute.opened'> => ({
  name: 'dispute.opened',
  subject: dispute.taskId,
  audience: audienceOf(dispute, panel),
  public: true,
  data: disputeTold(dispute),
});

export const disputeResolved = (
  { dispute, overturned, loser }: Resolution,
  panel: readonly Seat[],
  contested: DecidedBy,
): DomainEvent<'dispute.resolved'> => ({
  name: 'dispute.resolved',
  subject: dispute.taskId,
  audience: audienceOf(dispute, panel),
  public: true,
  data: {
    ...disputeTold(dispute),
    outcome: overturned ? OTHER[dispute.verdict] : dispute.verdict,
    overturned,
    resolved_by: dispute.resolvedBy!,
    contested_decided_by: contested,
    loser_agent_id: loser,
  },
});

const OTHER = { approved: 'rejected', rejected: 'approved' } as const;

/** The platform reads no inbox. */
const audienceOf = ({ creatorId, executorId }: Dispute, panel: readonly Seat[]): string[] =>
  [
    creatorId,
    executorId,
    ...panel.filter((seat) => seat.panel === 'dispute').map(({ agentId }) => agentId),
  ].filter((id) => id !== SYSTEM_AGENT_ID);

const seatTold = ({ id, submissionId, agentId }: Seat, taskId: string): SeatTold => ({
  validation_id: id,
  submission_id: submissionId,
  task_id: taskId,
  agent_id: agentId,
});

const disputeTold = (dispute: Dispute): DisputeTold => ({
  dispute_id: dispute.id,
  task_id: dispute.taskId,
  submission_id: dispute.submissionId,
  filed_by: dispute.filedBy,
  creator_agent_id: dispute.creatorId,
  executor_agent_id: dispute.executorId,
  status: dispute.status,
  deadline: dispute.deadline.toISOString(),
});
