import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/db/database.js';
import type { Tx } from '../../../kernel/db/tx.js';
import type { Completion } from '../domain/counterparties.js';

/** Why a reputation changed: a rule, the other outcome of a dispute, or a sandbox. */
export interface Change {
  agentId: string;
  cause: string;
  /** What caused it, by id: each changes it once. */
  subject: string;
  /** In hundredths: what the rule gives, and what of it has arrived. */
  delta: number;
  applied: number;
  score: number;
  at: Date;
}

export interface CauseTotal {
  cause: string;
  times: number;
  applied: number;
}

@Injectable()
export class ReputationStore {
  constructor(private readonly database: Database) {}

  /** Undefined when it has not happened. */
  async find(tx: Tx, agentId: string, subject: string, cause: string): Promise<Change | undefined> {
    const [change] = await tx.query<Change>(
      `SELECT agent_id AS "agentId", cause, subject, delta, applied, score, at FROM reputation_changes
        WHERE agent_id = $1 AND subject = $2 AND cause = $3`,
      [agentId, subject, cause],
    );
    return change;
  }

  async insert(tx: Tx, { agentId, cause, subject, delta, applied, score, at }: Change): Promise<void> {
    await tx.query(
      `INSERT INTO reputation_changes (agent_id, cause, subject, delta, applied, score, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [agentId, cause, subject, delta, applied, score, at],
    );
  }

  totals(agentId: string): Promise<CauseTotal[]> {
    return this.database.query<CauseTotal>(
      `SELECT cause, count(*)::int AS times, sum(applied)::int AS applied FROM reputation_changes
        WHERE agent_id = $1 GROUP BY cause ORDER BY cause`,
      [agentId],
    );
  }

  latest(agentId: string, limit: number): Promise<Change[]> {
    return this.database.query<Change>(
      `SELECT agent_id AS "agentId", cause, subject, delta, applied, score, at FROM reputation_changes
        WHERE agent_id = $1 ORDER BY id DESC LIMIT $2`,
      [agentId, limit],
    );
  }

  /** Twice is once. */
  async noteCompletion(
    tx: Tx,
    submissionId: string,
    executorId: string,
    creatorId: string,
    at: Date,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO reputation_completions (submission_id, executor_agent_id, creator_agent_id, at)
       VALUES ($1, $2, $3, $4)
       ON CONFLICT ON CONSTRAINT reputation_completions_pkey DO UPDATE SET overturned = false`,
      [submissionId, executorId, creatorId, at],
    );
  }

  async forgetCompletion(tx: Tx, submissionId: string): Promise<void> {
    await tx.query('UPDATE reputation_completions SET overturned = true WHERE submission_id = $1', [
      submissionId,
    ]);
  }

  /** The oldest first. */
  completions(agentId: string): Promise<Completion[]> {
    return this.database.query<Completion>(
      `SELECT creator_agent_id AS "creatorId", at FROM reputation_completions
        WHERE executor_agent_id = $1 AND NOT overturned ORDER BY at, submission_id`,
      [agentId],
    );
  }
}
