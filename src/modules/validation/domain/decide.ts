import { NotInTheQueue } from '../validation.errors.js';
import type { Change, LockedJudgement } from './change.js';
import { conclude } from './course.js';
import { outcomeOf } from './dispute.js';

/** An operator decides what no panel did. */
export function decideSubmission(locked: LockedJudgement, approved: boolean, at: Date): Change {
  const { status, panel, submissionId } = locked.judgement;
  if (status !== 'queued' || panel.kind === 'dispute') throw new NotInTheQueue(submissionId);
  return conclude(locked, approved ? 'approved' : 'rejected', 'operator', at);
}

/** The outcome is told as the one who filed it sees it. */
export function decideDispute(
  locked: LockedJudgement,
  disputeId: string,
  outcome: 'won' | 'lost',
  at: Date,
): Change {
  const { judgement, dispute } = locked;
  if (judgement.status !== 'queued' || dispute?.id !== disputeId) throw new NotInTheQueue(disputeId);
  return conclude(locked, outcomeOf(dispute, outcome), 'operator', at);
}
