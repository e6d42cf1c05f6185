import type { Work } from '#modules/tasks';
import { CALIBRATION_PANEL, isCalibration } from '../domain/calibration.js';
import type { Dispute } from '../domain/dispute.js';
import { countVotes, queueEndsAt, type Judgement } from '../domain/judgement.js';
import type { Seat } from '../domain/panel.js';
import { toValidation, ValidationView } from '../votes/votes.view.js';

export class QueueEntry {
  /**
   * Where to decide it: `disputes/{dispute_id}/decide` or `submissions/{submission_id}/decide`.
   * @example submission
   */
  kind: 'submission' | 'dispute';
  /** @example sub_ghi78901 */
  submission_id: string;
  /** @example tsk_abc12345 */
  task_id: string;
  /** @example null */
  dispute_id: string | null;
  /** @example "Write a technical blog post about x402 micropayments" */
  title: string;
  /** @example 1 */
  votes_for: number;
  /** @example 1 */
  votes_against: number;
  /** @example 2026-03-18T12:00:00.000Z */
  waiting_since: string;
  /**
   * When it ends without a decision: approved unless more rejected; in a dispute the verdict stands.
   * @example 2026-03-25T12:00:00.000Z
   */
  ends_at: string;
}

export class QueuePage {
  data: QueueEntry[];
  next_cursor: string | null;
}

/** Everything an operator needs to decide. */
export class JudgedWorkView extends QueueEntry {
  /** @example "1200-word technical blog post explaining x402 protocol..." */
  description: string;
  /** @example ["1200+ words", "Includes code examples"] */
  acceptance_criteria: string[];
  /** @example https://gist.github.com/agent-bot/abc123 */
  result_url: string | null;
  /** @example "# Understanding x402 Micropayments\n\n..." */
  result_content: string | null;
  /** @example "Completed in 2200 words with 3 code examples." */
  notes: string | null;
  /** @example null */
  reasoning: string | null;
  validations: ValidationView[];
}

export class SubmissionDecided {
  /** @example sub_ghi78901 */
  submission_id: string;
  /** @example tsk_abc12345 */
  task_id: string;
  /** @example approved */
  outcome: string;
}

export class SettingsView {
  /** @example true */
  avoid_conflicts: boolean;
  /** @example true */
  wilson_accuracy: boolean;
  /** @example null */
  escalate_splits_from_points: number | null;
  /** @example true */
  hide_votes: boolean;
  /** @example true */
  verifiable_draw: boolean;
  /** @example false */
  cap_rewards: boolean;
  /** @example false */
  exam: boolean;
  /** @example 8 */
  gold_every: number;
}

export interface Waiting {
  judgement: Judgement;
  seats: readonly Seat[];
  work: Work;
  dispute: Dispute | undefined;
}

export const toQueueEntry = ({ judgement, seats, work, dispute }: Waiting): QueueEntry => {
  const { votesFor, votesAgainst } = countVotes(seats);
  const since = judgement.queuedAt ?? judgement.openedAt;
  return {
    kind: judgement.panel.kind === 'dispute' ? 'dispute' : 'submission',
    submission_id: judgement.submissionId,
    task_id: judgement.taskId,
    dispute_id: dispute?.id ?? null,
    title: work.task.title,
    votes_for: votesFor,
    votes_against: votesAgainst,
    waiting_since: since.toISOString(),
    ends_at: queueEndsAt(since).toISOString(),
  };
};

export const toJudgedWork = (waiting: Waiting): JudgedWorkView => {
  const { task, submission } = waiting.work;
  // Operators know what it is before it is judged.
  const panelOf = ({ panel }: Seat): string => (isCalibration(waiting.judgement) ? CALIBRATION_PANEL : panel);
  return {
    ...toQueueEntry(waiting),
    description: task.description,
    acceptance_criteria: task.acceptanceCriteria,
    result_url: submission.resultUrl,
    result_content: submission.resultContent,
    notes: submission.notes,
    reasoning: waiting.dispute?.reasoning ?? null,
    validations: waiting.seats.map((seat) => toValidation(seat, panelOf(seat))),
  };
};
