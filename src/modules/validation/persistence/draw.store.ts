import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/db/database.js';
import type { Tx } from '../../../kernel/db/tx.js';
import type { Weighted } from '../domain/draw.js';
import type { PanelKind } from '../domain/panel.js';
import type { Pool, SoftConflict } from '../domain/select-validators.js';

export interface DailySecret {
  /** `2026-03-12` */
  day: string;
  /** SHA-256 of the secret, promised before its day. */
  commitment: string;
  sealed: Buffer;
}

/** Everything that made a draw come out as it did, its secret apart. */
export interface Drawn {
  submissionId: string;
  panel: PanelKind;
  round: number;
  /** The index of its first pick: the draws of a submission count on. */
  firstPick: number;
  /** Null where an operator has turned off that draws can be checked. */
  day: string | null;
  seats: number;
  pool: readonly Weighted[];
  drawn: readonly string[];
  dropped: readonly SoftConflict[];
  excluded: Pool['excluded'];
  drawnAt: Date;
}

type DrawRow = Omit<Drawn, 'pool'> & { pool: string[]; weights: number[] };

/** Any number: who draws waits for who draws, so that nobody gets more seats than it may have. */
const DRAW_LOCK = 7_301_010;

@Injectable()
export class DrawStore {
  constructor(private readonly database: Database) {}

  /** Between the lock of the panel and that of the task. */
  async oneAtATime(tx: Tx): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [DRAW_LOCK]);
  }

  async secretOf(tx: Tx, day: string): Promise<DailySecret | undefined> {
    const [row] = await tx.query<DailySecret>(`${SECRETS} WHERE day = $1`, [day]);
    return row;
  }

  /** The first one stays. */
  async promise(tx: Tx, { day, commitment, sealed }: DailySecret, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO draw_secrets (day, commitment, sealed, made_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT ON CONSTRAINT draw_secrets_pkey DO NOTHING`,
      [day, commitment, sealed, at],
    );
  }

  /** The newest first. */
  secrets(before: string | undefined, limit: number): Promise<DailySecret[]> {
    return this.database.query<DailySecret>(
      `${SECRETS} WHERE ($1::date IS NULL OR day < $1) ORDER BY day DESC LIMIT $2`,
      [before ?? null, limit],
    );
  }

  async secretsOf(days: readonly string[]): Promise<DailySecret[]> {
    return this.database.query<DailySecret>(`${SECRETS} WHERE day = ANY ($1::date[])`, [days]);
  }

  async insert(tx: Tx, drawn: Drawn): Promise<void> {
    await tx.query(
      `INSERT INTO validation_draws (submission_id, first_pick, panel, round, day, seats, pool, weights, drawn, dropped,
                                     excluded, drawn_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        drawn.submissionId,
        drawn.firstPick,
        drawn.panel,
        drawn.round,
        drawn.day,
        drawn.seats,
        drawn.pool.map(({ id }) => id),
        drawn.pool.map(({ weight }) => weight),
        drawn.drawn,
        drawn.dropped,
        JSON.stringify(drawn.excluded),
        drawn.drawnAt,
      ],
    );
  }

  async of(submissionId: string): Promise<Drawn[]> {
    const rows = await this.database.query<DrawRow>(
      `SELECT submission_id AS "submissionId", panel, round, first_pick AS "firstPick", to_char(day, 'YYYY-MM-DD') AS day,
              seats, pool, weights, drawn, dropped, excluded, drawn_at AS "drawnAt"
         FROM validation_draws WHERE submission_id = $1 ORDER BY first_pick, drawn_at`,
      [submissionId],
    );
    return rows.map(({ pool, weights, ...row }) => ({
      ...row,
      pool: pool.map((id, index) => ({ id, weight: weights[index]! })),
    }));
  }
}

const SECRETS = `SELECT to_char(day, 'YYYY-MM-DD') AS day, commitment, sealed FROM draw_secrets`;
