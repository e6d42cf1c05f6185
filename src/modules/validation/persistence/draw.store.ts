import { Injectable } from '@nestjs/common';
import { utcDay } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import type { Weighted } from '../domain/draw.js';
import type { PanelKind } from '../domain/panel.js';
import { differenceFrom, poolFrom, type PoolDifference } from '../domain/pool-difference.js';
import type { Pool, SoftConflict } from '../domain/select-validators.js';
import { fromLines, inLines, PoolStore, type DayPool } from './pool.store.js';

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

type DrawRow = Omit<Drawn, 'pool'> & {
  pool: string;
  weights: string;
  basePool: string | null;
  missing: string[];
};

/** Any number: who draws waits for who draws, so that nobody gets more seats than it may have. */
const DRAW_LOCK = 7_301_010;

@Injectable()
export class DrawStore {
  constructor(
    private readonly database: Database,
    private readonly pools: PoolStore,
  ) {}

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

  /** Those of these days with whose secret a draw was made that has no verdict yet. */
  async undecided(days: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ day: string }>(
      `SELECT DISTINCT to_char(draw.day, 'YYYY-MM-DD') AS day
         FROM judgements JOIN validation_draws draw USING (submission_id)
        WHERE judgements.due_at IS NOT NULL AND draw.day = ANY ($1::date[])
          AND (judgements.outcome IS NULL OR draw.panel = judgements.panel)`,
      [days],
    );
    return new Set(rows.map(({ day }) => day));
  }

  async insert(tx: Tx, drawn: Drawn): Promise<void> {
    const kept = keptOf(drawn.pool, await this.pools.ofDay(tx, utcDay(drawn.drawnAt)));
    await tx.query(
      `INSERT INTO validation_draws (submission_id, first_pick, panel, round, day, seats, pool, weights, drawn, dropped,
                                     excluded, drawn_at, base_pool, missing)
       VALUES ($1, $2, $3, $4, $5, $6, string_to_array($7, ','), string_to_array($8, ',')::smallint[], $9, $10, $11, $12,
               $13, $14)`,
      [
        drawn.submissionId,
        drawn.firstPick,
        drawn.panel,
        drawn.round,
        drawn.day,
        drawn.seats,
        ...inLines(kept.own),
        drawn.drawn,
        drawn.dropped,
        JSON.stringify(drawn.excluded),
        drawn.drawnAt,
        kept.base,
        kept.missing,
      ],
    );
  }

  async of(submissionId: string): Promise<Drawn[]> {
    const rows = await this.database.query<DrawRow>(
      `SELECT submission_id AS "submissionId", panel, round, first_pick AS "firstPick", to_char(day, 'YYYY-MM-DD') AS day,
              seats, array_to_string(pool, ',') AS pool, array_to_string(weights, ',') AS weights, drawn, dropped,
              excluded, drawn_at AS "drawnAt", base_pool AS "basePool", missing
         FROM validation_draws WHERE submission_id = $1 ORDER BY first_pick, drawn_at`,
      [submissionId],
    );
    const bases = await this.pools.read(rows.flatMap(({ basePool }) => basePool ?? []));
    const byId = new Map(bases.map(({ id, pool }) => [id, pool]));
    return rows.map(({ pool, weights, basePool, missing, ...row }) => {
      const own = fromLines(pool, weights);
      return { ...row, pool: basePool === null ? own : poolFrom(byId.get(basePool)!, { missing, own }) };
    });
  }
}

/** As a difference where that is less. */
function keptOf(
  pool: readonly Weighted[],
  day: DayPool | undefined,
): PoolDifference & { base: string | null } {
  const difference = day && differenceFrom(day.pool, pool);
  if (!difference || difference.missing.length + difference.own.length > pool.length)
    return { base: null, missing: [], own: [...pool] };
  return { ...difference, base: day.id };
}

const SECRETS = `SELECT to_char(day, 'YYYY-MM-DD') AS day, commitment, sealed FROM draw_secrets`;
