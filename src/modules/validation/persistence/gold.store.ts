import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/db/database.js';
import type { Tx } from '../../../kernel/db/tx.js';

/** A submission that was decided, and how it should have been. */
export interface KnownAnswer {
  submissionId: string;
  approved: boolean;
  loadedBy: string;
  loadedAt: Date;
}

@Injectable()
export class GoldStore {
  constructor(private readonly database: Database) {}

  async load(tx: Tx, { submissionId, approved, loadedBy, loadedAt }: KnownAnswer): Promise<void> {
    await tx.query(
      `INSERT INTO known_answers (submission_id, approved, loaded_by, loaded_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT ON CONSTRAINT known_answers_pkey
       DO UPDATE SET approved = excluded.approved, loaded_by = excluded.loaded_by, loaded_at = excluded.loaded_at`,
      [submissionId, approved, loadedBy, loadedAt],
    );
  }

  async count(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ count: number }>('SELECT count(*)::int AS count FROM known_answers');
    return row!.count;
  }

  /** All, or those of work that was handed in since. */
  all(tx: Tx, since: Date = new Date(0)): Promise<KnownAnswer[]> {
    return tx.query<KnownAnswer>(
      `${SELECT} WHERE EXISTS (SELECT FROM judgements
                               WHERE judgements.submission_id = known_answers.submission_id AND opened_at >= $1)
        ORDER BY submission_id`,
      [since],
    );
  }

  /** The newest first. */
  page(after: readonly string[] | undefined, limit: number): Promise<KnownAnswer[]> {
    return this.database.query<KnownAnswer>(
      `${SELECT} WHERE $1::timestamptz IS NULL OR (loaded_at, submission_id) < ($1, $2)
        ORDER BY loaded_at DESC, submission_id DESC LIMIT $3`,
      [after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** Who has judged it, itself or as a known answer. */
  async judgesOf(tx: Tx, sourceId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT validator_agent_id AS id FROM validations JOIN judgements USING (submission_id)
        WHERE submission_id = $1 OR source_submission_id = $1`,
      [sourceId],
    );
    return rows.map(({ id }) => id);
  }
}

const SELECT = `SELECT submission_id AS "submissionId", approved, loaded_by AS "loadedBy", loaded_at AS "loadedAt"
  FROM known_answers`;
