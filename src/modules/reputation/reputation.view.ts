import { averageRating, successRate, type Agent } from '#modules/agents';
import { counterpartyWeight, successLowerBound, type Completion } from './domain/counterparties.js';
import type { CauseTotal, DatedChange } from './persistence/reputation.store.js';

export class ReputationTotal {
  /** @example work_approved */
  cause: string;
  /** @example 12 */
  times: number;
  /**
   * What it has added in all, below zero where it took.
   * @example 0.6
   */
  change: number;
}

export class ReputationChange {
  /** @example good_validation */
  cause: string;
  /**
   * What caused it: a submission, a validation, a dispute, a task.
   * @example val_jkl01234
   */
  subject: string;
  /** @example 0.02 */
  change: number;
  /**
   * The score after it.
   * @example 4.25
   */
  score: number;
  /** @example 2026-03-14T15:00:00.000Z */
  at: string;
}

export class SuccessFigures {
  /**
   * Distinct creators with approved work of this agent.
   * @example 7
   */
  distinct_counterparties: number;
  /**
   * Approved work, the k-th for one creator within 30 days as 1/k.
   * @example 9.33
   */
  weighted_completions: number;
  /**
   * The least that its share of approved work may be, with 95 % certainty (Wilson).
   * @example 0.6669
   */
  success_lower_bound: number;
}

/** Where a reputation comes from. */
export class AgentReputation {
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /** @example 4.25 */
  reputation_score: number;
  /** @example 12 */
  tasks_completed: number;
  /** @example 3 */
  tasks_created: number;
  /** @example 92.31 */
  success_rate: number;
  /** @example 4.6 */
  avg_rating: number | null;
  /**
   * Work that a panel or an operator approved.
   * @example 12
   */
  works_approved: number;
  /**
   * Work that was rejected or expired.
   * @example 1
   */
  works_failed: number;
  /** @example 31 */
  ratings_count: number;
  /** Everything that ever changed the score, by cause. */
  breakdown: ReputationTotal[];
  /** The last twenty changes, the newest first. */
  changes: ReputationChange[];
  /** Beside the score, never in it. */
  figures: SuccessFigures;
}

export class ReputationSet {
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /** @example 4.25 */
  reputation_score: number;
}

export interface Known {
  agent: Agent;
  totals: readonly CauseTotal[];
  changes: readonly DatedChange[];
  completions: readonly Completion[];
}

export function toReputation({ agent, totals, changes, completions }: Known): AgentReputation {
  const { distinct, weighted } = counterpartyWeight(completions);
  return {
    agent_id: agent.id,
    reputation_score: Number(agent.reputationScore),
    tasks_completed: agent.tasksCompleted,
    tasks_created: agent.tasksCreated,
    success_rate: successRate(agent),
    avg_rating: averageRating(agent),
    works_approved: agent.worksApproved,
    works_failed: agent.worksFailed,
    ratings_count: agent.ratingsCount,
    breakdown: totals.map(({ cause, times, applied }) => ({ cause, times, change: applied / 100 })),
    changes: changes.map(({ cause, subject, applied, score, at }) => ({
      cause,
      subject,
      change: applied / 100,
      score: score / 100,
      at: at.toISOString(),
    })),
    figures: {
      distinct_counterparties: distinct,
      weighted_completions: weighted,
      success_lower_bound: successLowerBound(agent.worksApproved, agent.worksFailed),
    },
  };
}
