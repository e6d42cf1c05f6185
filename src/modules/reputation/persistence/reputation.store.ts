import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import type { Asked, Change, Earlier } from '../domain/changes.js';
import type { Completion } from '../domain/counterparties.js';

/** Why a reputation changed: a rule, the other outcome of a dispute, or a sandbox; and when. */
export interface DatedChange extends Change {
  at: Date;
}

export interface NotedCompletion {
  submissionId: string;
  executorId: string;
  creatorId: string;
  at: Date;
  isOverturned: boolean;
}

export interface CauseTotal {
  cause: string;
  times: number;
  applied: number;
}

@Injectable()
export class ReputationStore {
  constructor(private readonly database: Database) {}

  /** What was made of the same subjects. */
  earlier(tx: Tx, asked: readonly Asked[]): Promise<Earlier[]> {
    return tx.prepared<Earlier>(
      'earlier-changes',
      `SELECT agent_id AS "agentId", cause, subject, applied
         FROM reputation_changes JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[])) AS asked (agent_id, subject)
        USING (agent_id, subject)`,
      [asked.map(({ agentId }) => agentId), asked.map(({ subject }) => subject)],
    );
  }

  insert(tx: Tx, changes: readonly Change[], at: Date): void {
    tx.write(
      'insert-changes',
      `INSERT INTO reputation_changes (agent_id, cause, subject, delta, applied, score, at)
       SELECT "agentId", cause, subject, delta, applied, score, $2
         FROM ROWS FROM (jsonb_to_recordset($1) AS (
                "agentId" text, cause text, subject text, delta smallint, applied smallint, score smallint))
              WITH ORDINALITY AS made ORDER BY ordinality`,
      [JSON.stringify(changes), at],
    );
  }

  totals(agentId: string): Promise<CauseTotal[]> {
    return this.database.query<CauseTotal>(
      `SELECT cause, count(*)::int AS times, sum(applied)::int AS applied FROM reputation_changes
        WHERE agent_id = $1 GROUP BY cause ORDER BY cause`,
      [agentId],
    );
  }

  latest(agentId: string, limit: number): Promise<DatedChange[]> {
    return this.database.query<DatedChange>(
      `SELECT agent_id AS "agentId", cause, subject, delta, applied, score, at FROM reputation_changes
        WHERE agent_id = $1 ORDER BY id DESC LIMIT $2`,
      [agentId, limit],
    );
  }

  /** Twice is once. What a dispute has overturned stays so: there is one about a submission. */
  noteCompletions(tx: Tx, completions: readonly NotedCompletion[]): void {
    if (completions.length === 0) return;
    tx.write(
      'note-completions',
      `INSERT INTO reputation_completions AS noted (submission_id, executor_agent_id, creator_agent_id, at, overturned)
       SELECT "submissionId", min("executorId"), min("creatorId"), min(at), bool_or("isOverturned")
         FROM jsonb_to_recordset($1) AS told (
                "submissionId" text, "executorId" text, "creatorId" text, at timestamptz, "isOverturned" boolean)
        GROUP BY "submissionId" ORDER BY "submissionId"
       ON CONFLICT ON CONSTRAINT reputation_completions_pkey
       DO UPDATE SET overturned = true WHERE excluded.overturned`,
      [JSON.stringify(completions)],
    );
  }

  /** From one creator to the next in the index, and no further than asked: an agent may have thousands of works for one. */
  async withApprovedWork(tx: Tx, ids: readonly string[], creatorsMin: number): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await tx.query<{ id: string }>(
      `SELECT asked.id FROM unnest($1::text[]) asked (id)
        WHERE EXISTS (SELECT FROM reputation_changes WHERE agent_id = asked.id AND cause = 'sandbox')
           OR $2::int <= (
             WITH RECURSIVE creators (id, count) AS (
               (${NEXT_CREATOR("''", '1')})
               UNION ALL
               SELECT next.* FROM creators, LATERAL (${NEXT_CREATOR('creators.id', 'creators.count + 1')}) next
                WHERE creators.count < $2::int)
             SELECT count(*) FROM creators)`,
      [ids, creatorsMin],
    );
    return new Set(rows.map(({ id }) => id));
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

const NEXT_CREATOR = (after: string, count: string): string =>
  `SELECT creator_agent_id, ${count} FROM reputation_completions
    WHERE executor_agent_id = asked.id AND creator_agent_id > ${after} AND NOT overturned
    ORDER BY creator_agent_id LIMIT 1`;
