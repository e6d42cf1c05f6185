import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import { ACCURACY_MIN, JUDGED_MAX, JUDGED_MIN } from '../domain/accuracy.js';
import { SILENCES_MAX } from '../domain/select-validators.js';

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

  /** Those who have more seats to vote on than so many. */
  async busy(tx: Tx, openSeats: number): Promise<Map<string, number>> {
    const rows = await tx.query<{ id: string; seats: number }>(
      `SELECT validator_agent_id AS id, count(*)::int AS seats FROM validations
        WHERE approved IS NULL AND ended IS NULL GROUP BY validator_agent_id HAVING count(*) > $1`,
      [openSeats],
    );
    return new Map(rows.map(({ id, seats }) => [id, seats]));
  }

  /** The last judged assignments, in no order, of those who are unreliable by the one measure or the other. */
  async outcomesOfTheUnreliable(tx: Tx): Promise<Map<string, boolean[]>> {
    const rows = await tx.query<{ id: string; judged: number; right: number }>(
      `SELECT agent_id AS id, judged, correct AS "right" FROM validator_standings
        WHERE judged >= ${JUDGED_MIN} AND correct < judged * ${ACCURACY_MIN}`,
    );
    return new Map(
      rows.map(({ id, judged, right }) => [id, Array.from({ length: judged }, (_, index) => index < right)]),
    );
  }

  /** Since when, in whole seconds, those are silent who have let too many assignments in a row pass. */
  async silent(tx: Tx): Promise<Map<string, Date>> {
    const [silent] = await tx.query<{ ids: string | null; times: string | null }>(
      `SELECT string_agg(agent_id, ',') AS ids, string_agg(extract(epoch FROM silent_at)::bigint::text, ',') AS times
         FROM validator_standings WHERE silences = ${SILENCES_MAX}`,
    );
    const times = silent?.times?.split(',') ?? [];
    return new Map(
      (silent?.ids?.split(',') ?? []).map((id, index) => [id, new Date(Number(times[index]) * 1_000)]),
    );
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
        WHERE voted_at >= $2 AND judgements.calibration_source_id IS NULL
          AND (validator_agent_id = ANY ($1) OR executor_agent_id = ANY ($1))
        GROUP BY validator_agent_id, executor_agent_id`,
      [parties, since],
    );
  }
}

/** The last of one agent that were judged, newest first. */
export const OUTCOMES = (id: string): string =>
  `SELECT was_right FROM validations WHERE validator_agent_id = ${id} AND was_right IS NOT NULL
    ORDER BY ended_at DESC, id LIMIT ${JUDGED_MAX}`;
