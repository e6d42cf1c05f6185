import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import { NEWCOMER_ASSIGNMENTS } from '../domain/calibration.js';

/** Decided work that calibration tasks are made from, and how it should be judged. */
export interface CalibrationAnswer {
  submissionId: string;
  approved: boolean;
  loadedBy: string;
  loadedAt: Date;
}

/** An answer that an assignment can be made from; it is out while somebody judges one. */
export type Assignable = Pick<CalibrationAnswer, 'submissionId' | 'approved'> & { isOut: boolean };

@Injectable()
export class CalibrationStore {
  constructor(private readonly database: Database) {}

  async load(tx: Tx, { submissionId, approved, loadedBy, loadedAt }: CalibrationAnswer): Promise<void> {
    await tx.query(
      `INSERT INTO calibration_answers (submission_id, approved, loaded_by, loaded_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT ON CONSTRAINT calibration_answers_pkey
       DO UPDATE SET approved = excluded.approved, loaded_by = excluded.loaded_by, loaded_at = excluded.loaded_at`,
      [submissionId, approved, loadedBy, loadedAt],
    );
  }

  /** All, or those of work that was handed in since. */
  all(tx: Tx, since: Date = new Date(0)): Promise<Assignable[]> {
    return tx.query<Assignable>(
      `SELECT submission_id AS "submissionId", approved, EXISTS (
                SELECT FROM judgements WHERE calibration_source_id = answer.submission_id AND status <> 'decided') AS "isOut"
         FROM calibration_answers answer JOIN judgements source USING (submission_id)
        WHERE source.opened_at >= $1 ORDER BY submission_id`,
      [since],
    );
  }

  /** Who has not been given all the tasks a newcomer gets; with fewer answers than that, it gets fewer. */
  async newcomers(tx: Tx): Promise<(id: string) => boolean> {
    const [row] = await tx.query<{ count: number }>('SELECT count(*)::int AS count FROM calibration_answers');
    const wanted = Math.min(NEWCOMER_ASSIGNMENTS, row!.count);
    const given = await tx.query<{ id: string; seats: number }>(
      `SELECT validator_agent_id AS id, count(*)::int AS seats FROM validations JOIN judgements USING (submission_id)
        WHERE calibration_source_id IS NOT NULL GROUP BY validator_agent_id`,
    );
    const seatsOf = new Map(given.map(({ id, seats }) => [id, seats]));
    return (id) => (seatsOf.get(id) ?? 0) < wanted;
  }

  /** The newest first. */
  page(after: readonly string[] | undefined, limit: number): Promise<CalibrationAnswer[]> {
    return this.database.query<CalibrationAnswer>(
      `SELECT submission_id AS "submissionId", approved, loaded_by AS "loadedBy", loaded_at AS "loadedAt"
         FROM calibration_answers
        WHERE $1::timestamptz IS NULL OR (loaded_at, submission_id) < ($1, $2)
        ORDER BY loaded_at DESC, submission_id DESC LIMIT $3`,
      [after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** Who has judged it, itself or as a calibration task. */
  async judgesOf(tx: Tx, sourceId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT validator_agent_id AS id FROM validations JOIN judgements USING (submission_id)
        WHERE submission_id = $1 OR calibration_source_id = $1`,
      [sourceId],
    );
    return rows.map(({ id }) => id);
  }
}
