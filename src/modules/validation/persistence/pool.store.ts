import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import { inOrder, weightOf, type Weighted } from '../domain/draw.js';

/** Everybody who might be drawn, at the first draw of a day. */
export interface DayPool {
  id: string;
  pool: readonly Weighted[];
}

interface PoolRow {
  id: string;
  /** In text: an array of a hundred thousand takes its reader several times as long. */
  pool: string;
  weights: string;
}

/** What the pools of a day's draws are kept as differences to. */
@Injectable()
export class PoolStore {
  private latest: DayPool | undefined;

  constructor(private readonly database: Database) {}

  /** For the first draw of a day; the others leave it as it is. Nobody else may be drawing. */
  async keep(
    tx: Tx,
    day: string,
    everybody: readonly { id: string; reputationScore: string }[],
  ): Promise<void> {
    if (await this.idOf(tx, day)) return;
    const pool = inOrder(
      everybody.map(({ id, reputationScore }) => ({ id, weight: weightOf(reputationScore) })),
    );
    await tx.query(
      `INSERT INTO draw_pools (day, pool, weights)
       VALUES ($1, string_to_array($2, ','), string_to_array($3, ',')::smallint[])`,
      [day, ...inLines(pool)],
    );
  }

  /** What is remembered is asked for by its id: one that was made in a transaction that failed is never met again. */
  async ofDay(tx: Tx, day: string): Promise<DayPool | undefined> {
    const id = await this.idOf(tx, day);
    if (id !== undefined && this.latest?.id !== id) [this.latest] = await this.read([id], tx);
    return id === undefined ? undefined : this.latest;
  }

  async read(ids: readonly string[], tx?: Tx): Promise<DayPool[]> {
    const rows = await (tx ?? this.database).query<PoolRow>(
      `SELECT id, array_to_string(pool, ',') AS pool, array_to_string(weights, ',') AS weights
         FROM draw_pools WHERE id = ANY ($1::uuid[])`,
      [ids],
    );
    return rows.map(({ id, pool, weights }) => ({ id, pool: fromLines(pool, weights) }));
  }

  private async idOf(tx: Tx, day: string): Promise<string | undefined> {
    const [row] = await tx.query<{ id: string }>('SELECT id FROM draw_pools WHERE day = $1', [day]);
    return row?.id;
  }
}

/** A pool as two lines of text, which PostgreSQL makes arrays of. */
export const inLines = (pool: readonly Weighted[]): [ids: string, weights: string] => [
  pool.map(({ id }) => id).join(','),
  pool.map(({ weight }) => weight).join(','),
];

export function fromLines(ids: string, weights: string): Weighted[] {
  if (ids === '') return [];
  const weightsOf = weights.split(',');
  return ids.split(',').map((id, index) => ({ id, weight: Number(weightsOf[index]) }));
}
