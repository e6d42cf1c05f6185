import type { AnyEventOf } from '#platform/messaging';
import type { Asked } from './domain/changes.js';
import { causeOfSeat } from './domain/deltas.js';
import type { NotedCompletion } from './persistence/reputation.store.js';

/** What moves reputations. */
export const WORK_NEWS = [
  'submission.approved',
  'submission.rejected',
  'task.cancelled',
  'dispute.resolved',
] as const;
export const SEAT_NEWS = ['validation.closed'] as const;
export type News = AnyEventOf<(typeof WORK_NEWS)[number] | (typeof SEAT_NEWS)[number]>;

/** Rules §4.13: the one place where news becomes reputation. */
export function changesIn({ name, data }: News): Asked[] {
  switch (name) {
    // What an overturn changes, `dispute.resolved` says: it undoes the first verdict too.
    case 'submission.approved':
      return !data.overturned && wasJudged(data.decided_by)
        ? [{ agentId: data.agent_id, cause: 'work_approved', subject: data.submission_id }]
        : [];
    case 'submission.rejected':
      return data.overturned
        ? []
        : [{ agentId: data.agent_id, cause: 'work_rejected', subject: data.submission_id }];
    case 'task.cancelled':
      return data.close_reason === 'expired_work' && data.executor_agent_id !== null
        ? [{ agentId: data.executor_agent_id, cause: 'work_expired', subject: data.task_id }]
        : [];
    case 'dispute.resolved':
      return [...settled(data), ...lost(data)];
    case 'validation.closed': {
      const cause = causeOfSeat(data.why);
      return cause ? [{ agentId: data.agent_id, cause, subject: data.validation_id }] : [];
    }
  }
}

type Resolved = AnyEventOf<'dispute.resolved'>['data'];

/**
 * Where the verdict is overturned, the first one is undone as far as it counted, and the other one counts. An approval by
 * silence counts once somebody upholds it.
 */
function settled(data: Resolved): Asked[] {
  const work = { agentId: data.executor_agent_id, subject: data.submission_id };
  const approved = { ...work, cause: 'work_approved' as const };
  const rejected = { ...work, cause: 'work_rejected' as const };
  if (!data.overturned) return isFirstApproval(data) ? [approved] : [];
  if (data.outcome === 'approved') return [{ ...rejected, isUndone: true }, approved];
  return wasJudged(data.contested_decided_by) ? [{ ...approved, isUndone: true }, rejected] : [rejected];
}

const isFirstApproval = (data: Resolved): boolean =>
  data.outcome === 'approved' && !wasJudged(data.contested_decided_by) && wasJudged(data.resolved_by);

/** Rules §4.13: work that no panel and no operator approved moves no reputation. */
const wasJudged = (decidedBy: string | null): boolean => decidedBy !== null && decidedBy !== 'silence';

const lost = ({ loser_agent_id: loser, dispute_id }: Resolved): Asked[] =>
  loser === null ? [] : [{ agentId: loser, cause: 'dispute_lost', subject: dispute_id }];

/** Approved work as others have judged it; of an overturned approval too: its news may come later than that of its end. */
export function completionsIn({ name, data, at }: News): NotedCompletion[] {
  if (name !== 'submission.approved' && name !== 'dispute.resolved') return [];
  const { submission_id: submissionId, creator_agent_id: creatorId } = data;
  const noted = { submissionId, creatorId, at };
  if (name === 'submission.approved')
    return !data.overturned && wasJudged(data.decided_by)
      ? [{ ...noted, executorId: data.agent_id, isOverturned: false }]
      : [];
  if (!data.overturned && !isFirstApproval(data)) return [];
  return [{ ...noted, executorId: data.executor_agent_id, isOverturned: data.outcome === 'rejected' }];
}
