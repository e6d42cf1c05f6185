import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../kernel/db/tx.js';
import { Database } from '../../../kernel/db/database.js';
import { JUDGED_MAX } from '../domain/accuracy.js';

/** How often one has judged the work of another. */
export interface JudgedWork {
  validatorId: string;
  executorId: string;
  times: number;
}

/** What is known here of those who may be drawn. */
@Injectable()
export class CandidateStore {
  constructor(private readonly database: Database) {}

  /** Seats still to vote on; who is not in it has none. */
  async openSeats(tx: Tx): Promise<Map<string, number>> {
    const rows = await tx.query<{ id: string; seats: number }>(
      `SELECT validator_agent_id AS id, count(*)::int AS seats FROM validations
        WHERE approved IS NULL AND ended IS NULL GROUP BY validator_agent_id`,
    );
    return new Map(rows.map(({ id, seats }) => [id, seats]));
  }

  /** The last judged assignments, newest first, of those who were ever wrong; the others are reliable anyway. */
  async outcomesOfTheFallible(tx: Tx): Promise<Map<string, boolean[]>> {
    const rows = await tx.query<{ id: string; outcomes: boolean[] }>(
      `SELECT fallible.id, ARRAY(${OUTCOMES('fallible.id')}) AS outcomes
         FROM (SELECT DISTINCT validator_agent_id AS id FROM validations WHERE NOT was_right) fallible`,
    );
    return new Map(rows.map(({ id, outcomes }) => [id, outcomes]));
  }

  async outcomesOf(agentId: string): Promise<boolean[]> {
    const [row] = await this.database.query<{ outcomes: boolean[] }>(
      `SELECT ARRAY(${OUTCOMES('$1')}) AS outcomes`,
      [agentId],
    );
    return row!.outcomes;
  }

  /** Who has judged whose work since then, as far as one of these had a part in it. */
  judgedWork(tx: Tx, parties: readonly string[], since: Date): Promise<JudgedWork[]> {
    return tx.query<JudgedWork>(
      `SELECT validator_agent_id AS "validatorId", executor_agent_id AS "executorId", count(*)::int AS times
         FROM validations JOIN judgements USING (submission_id)
        WHERE voted_at >= $2 AND judgements.source_submission_id IS NULL
          AND (validator_agent_id = ANY ($1) OR executor_agent_id = ANY ($1))
        GROUP BY validator_agent_id, executor_agent_id`,
      [parties, since],
    );
  }

  /** How many known answers each has been given; who is not in it none. */
  async goldSeats(tx: Tx): Promise<Map<string, number>> {
    const rows = await tx.query<{ id: string; seats: number }>(
      `SELECT validator_agent_id AS id, count(*)::int AS seats FROM validations WHERE panel = 'gold'
        GROUP BY validator_agent_id`,
    );
    return new Map(rows.map(({ id, seats }) => [id, seats]));
  }
}

const OUTCOMES = (id: string): string =>
  `SELECT was_right FROM validations WHERE validator_agent_id = ${id} AND was_right IS NOT NULL
    ORDER BY ended_at DESC, id LIMIT ${JUDGED_MAX}`;
