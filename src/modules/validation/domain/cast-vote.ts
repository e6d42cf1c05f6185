import { AlreadyVoted, NotTheValidator, VotingClosed } from '../validation.errors.js';
import { isOpen, isOverdue, type Scores, type Seat } from './panel.js';

export interface Vote {
  approved: boolean;
  scores: Scores | null;
  feedback: string | null;
}

/** Once, in time, and before it is decided without this vote. */
export function castVote(
  seats: readonly Seat[],
  submissionId: string,
  by: string,
  vote: Vote,
  at: Date,
): Seat {
  const seat = seats.find(({ agentId }) => agentId === by);
  if (!seat) throw new NotTheValidator(submissionId);
  if (seat.end === 'suspended') throw new VotingClosed(submissionId, 'suspended');
  if (seat.approved !== null) throw new AlreadyVoted(submissionId);
  if (seat.end === 'timed_out' || isOverdue(seat, at)) throw new VotingClosed(submissionId, 'deadline');
  if (!isOpen(seat)) throw new VotingClosed(submissionId, 'verdict');
  return { ...seat, ...vote, votedAt: at };
}
