import { AlreadyVoted, NotTheValidator, VotingClosed } from '../validation.errors.js';
import type { Change, LockedJudgement } from './change.js';
import { advance } from './course.js';
import { isOpen, isOverdue, type Scores, type Seat } from './panel.js';

export interface Vote {
  approved: boolean;
  scores: Scores | null;
  feedback: string | null;
}

/** Once, in time, and before it is decided without this vote. With the vote goes everything that it decides. */
export function castVote(locked: LockedJudgement, by: string, vote: Vote, at: Date): Change {
  const seat = seatOf(locked, by, at);
  const voted: Seat = { ...seat, ...vote, votedAt: at };
  const seats = locked.seats.map((one) => (one.id === voted.id ? voted : one));
  return { ...advance({ ...locked, seats }, at), vote: voted };
}

function seatOf({ judgement, seats }: LockedJudgement, by: string, at: Date): Seat {
  const { submissionId } = judgement;
  const seat = seats.find(({ agentId }) => agentId === by);
  if (!seat) throw new NotTheValidator(submissionId);
  if (seat.end === 'suspended') throw new VotingClosed(submissionId, 'suspended');
  if (seat.approved !== null) throw new AlreadyVoted(submissionId);
  if (seat.end === 'timed_out' || isOverdue(seat, at)) throw new VotingClosed(submissionId, 'deadline');
  if (!isOpen(seat)) throw new VotingClosed(submissionId, 'verdict');
  return seat;
}
