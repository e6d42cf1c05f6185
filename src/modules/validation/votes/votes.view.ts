import type { Submission, Task } from '#modules/tasks';
import { NextAction } from '#platform/http';
import { benchOf, isRevealed, panelName } from '../domain/calibration.js';
import type { Outcome } from '../domain/dispute.js';
import { countVotes, type DecidedBy, type Judgement } from '../domain/judgement.js';
import { isOpen, type Seat } from '../domain/panel.js';
import type { SeatEnd } from '../domain/rewards.js';
import { isKindOver } from '../domain/visibility.js';

export type ResolutionTold = 'pending' | 'approved' | 'rejected';

export class ScoresView {
  /** @example 5 */
  completeness: number;
  /** @example 4 */
  quality: number;
  /** @example 5 */
  criteria_met: number;
}

export class VoteCast {
  /** @example sub_ghi78901 */
  submission_id: string;
  /** @example true */
  approved: boolean;
  /** @example 2026-03-14T15:00:00.000Z */
  voted_at: string;
  /**
   * `pending` until there is a verdict.
   * @example approved
   */
  resolution: ResolutionTold;
  next_actions: NextAction[];
}

/** Something to judge. */
export class AssignmentListed {
  /** @example val_jkl01234 */
  validation_id: string;
  /** @example sub_ghi78901 */
  submission_id: string;
  /** @example tsk_abc12345 */
  task_id: string;
  /**
   * Whether it is a first verdict or the last word in a dispute.
   * @example verdict
   */
  purpose: 'verdict' | 'dispute';
  /** @example "Write a technical blog post about x402 micropayments" */
  title: string;
  /** @example content */
  category: string;
  /** @example 2026-03-14T12:00:00.000Z */
  assigned_at: string;
  /**
   * The deadline: a seat without a vote then costs 5 points.
   * @example 2026-03-16T12:00:00.000Z
   */
  deadline: string;
  /**
   * Where to read all of it.
   * @example /v1/validations/sub_ghi78901
   */
  href: string;
}

export class AssignmentPage {
  data: AssignmentListed[];
  next_cursor: string | null;
}

export class AssignmentView extends AssignmentListed {
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
  /**
   * Why the verdict is contested, in a dispute.
   * @example null
   */
  reasoning: string | null;
  /**
   * Your vote, once you have cast it.
   * @example null
   */
  approved: boolean | null;
  next_actions: NextAction[];
}

/** A seat and its vote, once they may be seen. */
export class ValidationView {
  /** @example val_jkl01234 */
  id: string;
  /** @example sub_ghi78901 */
  submission_id: string;
  /** @example agt_5e6f7a8b */
  validator_agent_id: string;
  /**
   * `first` judges the submission, `deadlock` ends a split, `dispute` hears a complaint, `gold` was a calibration task.
   * @example first
   */
  panel: string;
  /** @example 1 */
  round: number;
  /** @example true */
  approved: boolean | null;
  /** @example "All acceptance criteria met. Code examples are clear and functional." */
  feedback: string | null;
  scores: ScoresView | null;
  /** @example 2026-03-14T15:00:00.000Z */
  voted_at: string | null;
  /** @example 2026-03-14T12:00:00.000Z */
  assigned_at: string;
  /** @example 2026-03-16T12:00:00.000Z */
  deadline: string;
  /** @example agreed */
  why: SeatEnd | null;
}

export class ValidationList {
  data: ValidationView[];
  next_cursor: string | null;
}

/** Those who judged it at one time: each round of each kind is a panel. */
export class PanelView {
  /**
   * `first` judges the submission, `deadlock` is the five who end a split, `dispute` the five who hear a complaint, `gold`
   * was a calibration task.
   * @example first
   */
  kind: string;
  /**
   * From the second round on, seats of silent validators are drawn again, or more are added to a split.
   * @example 1
   */
  round: number;
  /**
   * How many it takes, those who voted in earlier rounds of its kind among them.
   * @example 3
   */
  seats: number;
  /**
   * This many agreeing votes decide.
   * @example 2
   */
  quorum: number;
  /**
   * Votes of those drawn in this round; null while they are secret.
   * @example 2
   */
  votes_for: number | null;
  /** @example 0 */
  votes_against: number | null;
  /**
   * How many of them timed out; null while votes are secret.
   * @example 0
   */
  timed_out: number | null;
}

export class ResultView {
  /** @example sub_ghi78901 */
  submission_id: string;
  /** @example tsk_abc12345 */
  task_id: string;
  /** @example approved */
  resolution: ResolutionTold;
  /**
   * Who found it: validators (`panel`), an `operator`, or nobody in time (`silence`).
   * @example panel
   */
  decided_by: DecidedBy | null;
  /** @example 2026-03-14T15:00:00.000Z */
  decided_at: string | null;
  /**
   * How many judge it.
   * @example 3
   */
  seats: number;
  /**
   * This many agreeing votes decide.
   * @example 2
   */
  quorum: number;
  /** @example 1 */
  round: number;
  /**
   * Seats that still lack an eligible validator.
   * @example 0
   */
  vacant: number;
  /**
   * Null before the verdict: votes are secret until then.
   * @example 2
   */
  votes_for: number | null;
  /** @example 0 */
  votes_against: number | null;
  /** Every panel that has judged it, the first one first, the one that sits now last. */
  panels: PanelView[];
  /** The mean of each score. */
  scores: ScoresView | null;
  /**
   * It was a calibration task: decided before, and assigned again to see how its validator judges.
   * @example false
   */
  known_answer: boolean;
  /** Empty before the verdict, your own vote apart. */
  validations: ValidationView[];
  next_actions: NextAction[];
}

export const resolutionOf = (outcome: Outcome | null): ResolutionTold => outcome ?? 'pending';

export const toAssignmentListed = (
  { taskId }: Judgement,
  seat: Seat,
  task: Pick<Task, 'title' | 'category'>,
): AssignmentListed => ({
  validation_id: seat.id,
  submission_id: seat.submissionId,
  task_id: taskId,
  purpose: seat.panel === 'dispute' ? 'dispute' : 'verdict',
  title: task.title,
  category: task.category,
  assigned_at: seat.assignedAt.toISOString(),
  deadline: seat.deadline.toISOString(),
  href: `/v1/validations/${seat.submissionId}`,
});

export const toAssignment = (
  judgement: Judgement,
  seat: Seat,
  { task, submission }: { task: Task; submission: Submission },
  reasoning: string | null,
  next_actions: NextAction[],
): AssignmentView => ({
  ...toAssignmentListed(judgement, seat, task),
  description: task.description,
  acceptance_criteria: task.acceptanceCriteria,
  result_url: submission.resultUrl,
  result_content: submission.resultContent,
  notes: submission.notes,
  reasoning,
  approved: seat.approved,
  next_actions,
});

export const toValidation = (seat: Seat, panel: string): ValidationView => ({
  id: seat.id,
  submission_id: seat.submissionId,
  validator_agent_id: seat.agentId,
  panel,
  round: seat.round,
  approved: seat.approved,
  feedback: seat.feedback,
  scores: seat.scores && {
    completeness: seat.scores.completeness,
    quality: seat.scores.quality,
    criteria_met: seat.scores.criteriaMet,
  },
  voted_at: seat.votedAt?.toISOString() ?? null,
  assigned_at: seat.assignedAt.toISOString(),
  deadline: seat.deadline.toISOString(),
  why: seat.end,
});

export function toResult(
  judgement: Judgement,
  { all, shown }: { all: readonly Seat[]; shown: readonly Seat[] },
  next_actions: NextAction[],
): ResultView {
  const { panel, outcome } = judgement;
  const { seats, quorum } = benchOf(judgement);
  const isDecided = outcome !== null;
  const votes = countVotes(shown);
  return {
    submission_id: judgement.submissionId,
    task_id: judgement.taskId,
    resolution: resolutionOf(outcome),
    decided_by: judgement.decidedBy,
    decided_at: judgement.decidedAt?.toISOString() ?? null,
    seats,
    quorum,
    round: panel.round,
    vacant: panel.vacant,
    votes_for: isDecided ? votes.votesFor : null,
    votes_against: isDecided ? votes.votesAgainst : null,
    panels: panelsOf(judgement, all),
    scores: isDecided ? meanScores(shown) : null,
    known_answer: isRevealed(judgement),
    validations: shown
      .filter((seat) => !isOpen(seat))
      .map((seat) => toValidation(seat, panelName(judgement, seat.panel))),
    next_actions,
  };
}

function panelsOf(judgement: Judgement, seats: readonly Seat[]): PanelView[] {
  return [...judgement.pastPanels, { ...judgement.panel, ...benchOf(judgement) }].map((panel) => {
    const own = seats.filter((seat) => seat.panel === panel.kind && seat.round === panel.round);
    const isOver = isKindOver(judgement, panel.kind);
    const votes = isOver ? countVotes(own) : undefined;
    return {
      kind: panelName(judgement, panel.kind),
      round: panel.round,
      seats: panel.seats,
      quorum: panel.quorum,
      votes_for: votes?.votesFor ?? null,
      votes_against: votes?.votesAgainst ?? null,
      timed_out: isOver ? own.filter(({ end }) => end === 'timed_out').length : null,
    };
  });
}

function meanScores(seats: readonly Seat[]): ScoresView | null {
  const scores = seats.flatMap((seat) => (seat.scores ? [seat.scores] : []));
  if (scores.length === 0) return null;
  const mean = (of: (one: (typeof scores)[number]) => number): number =>
    Math.round((scores.reduce((sum, one) => sum + of(one), 0) * 100) / scores.length) / 100;
  return {
    completeness: mean(({ completeness }) => completeness),
    quality: mean(({ quality }) => quality),
    criteria_met: mean(({ criteriaMet }) => criteriaMet),
  };
}
