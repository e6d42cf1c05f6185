import type { AnyEventOf } from '../../kernel/events/domain-events.js';
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

/** Spec §6.5: the one place where news becomes reputation. */
export function changesIn({ name, data }: News): Asked[] {
  switch (name) {
    // What an overturn changes, `dispute.resolved` says: it undoes the first verdict too.
    case 'submission.approved':
      return data.overturned
        ? []
        : [{ agentId: data.agent_id, cause: 'work_approved', subject: data.submission_id }];
    case 'submission.rejected':
      return data.overturned
        ? []
        : [{ agentId: data.agent_id, cause: 'work_rejected', subject: data.submission_id }];
    case 'task.cancelled':
      return data.close_reason === 'expired_work' && data.executor_agent_id !== null
        ? [{ agentId: data.executor_agent_id, cause: 'work_expired', subject: data.task_id }]
        : [];
    case 'dispute.resolved':
      return [...overturned(data), ...lost(data)];
    case 'validation.closed': {
      const cause = causeOfSeat(data.why);
      return cause ? [{ agentId: data.agent_id, cause, subject: data.validation_id }] : [];
    }
  }
}

type Resolved = AnyEventOf<'dispute.resolved'>['data'];

/** The first verdict is undone, and the other one counts. */
function overturned({
  overturned: isOverturned,
  outcome,
  executor_agent_id,
  submission_id,
}: Resolved): Asked[] {
  if (!isOverturned) return [];
  const work = { agentId: executor_agent_id, subject: submission_id };
  const [was, is] =
    outcome === 'approved'
      ? (['work_rejected', 'work_approved'] as const)
      : (['work_approved', 'work_rejected'] as const);
  return [
    { ...work, cause: was, isUndone: true },
    { ...work, cause: is },
  ];
}

const lost = ({ loser_agent_id: loser, dispute_id }: Resolved): Asked[] =>
  loser === null ? [] : [{ agentId: loser, cause: 'dispute_lost', subject: dispute_id }];

/** Of an overturned approval too: its news may come later than that of its end. */
export function completionsIn({ name, data, at }: News): NotedCompletion[] {
  if (name !== 'submission.approved' && name !== 'dispute.resolved') return [];
  const { submission_id: submissionId, creator_agent_id: creatorId } = data;
  const noted = { submissionId, creatorId, at };
  if (name === 'submission.approved')
    return data.overturned ? [] : [{ ...noted, executorId: data.agent_id, isOverturned: false }];
  if (!data.overturned) return [];
  return [{ ...noted, executorId: data.executor_agent_id, isOverturned: data.outcome === 'rejected' }];
}
