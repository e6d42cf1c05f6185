import { Injectable } from '@nestjs/common';
import { before, HOUR_MS } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import type { Task } from '../domain/task.js';

/** Rules §3.14: posting and cancelling costs nothing, and each telling reaches every specialist. */
export const MATCHES_AN_HOUR_MAX = 30;

/** What came of claiming a task for its specialists: theirs to be told, over the limit, or told before. */
export type Claim = 'told' | 'limited' | 'taken';

@Injectable()
export class MatchStore {
  constructor(private readonly database: Database) {}

  /** Without a lock: a creator who is at the limit now is there until the hour has passed. */
  async isAtLimit(creatorId: string, at: Date): Promise<boolean> {
    const [row] = await this.database.query<{ told: number }>(TOLD_SINCE('$1', '$2'), [
      creatorId,
      before(at, HOUR_MS),
    ]);
    return row!.told >= MATCHES_AN_HOUR_MAX;
  }

  /** Whether it still takes bids, and keeps taking them until the commit. An act that ends that just now is waited for. */
  async keepOpen(tx: Tx, taskId: string): Promise<boolean> {
    const found = await tx.query(
      `SELECT FROM tasks WHERE id = $1 AND status IN ('open', 'bidding') FOR SHARE`,
      [taskId],
    );
    return found.length > 0;
  }

  /**
   * Once for each task, since its news may come twice. A task over the limit is claimed too, so that news that comes
   * again an hour later tells nobody. The creator must be locked: claims of one creator follow each other.
   */
  async claim(tx: Tx, { id, creatorId }: Task, at: Date): Promise<Claim> {
    const [row] = await tx.query<{ told: boolean }>(
      `INSERT INTO task_matches (task_id, creator_agent_id, announced_at, told)
       SELECT $1, $2, $3, told < ${MATCHES_AN_HOUR_MAX} FROM (${TOLD_SINCE('$2', '$4')}) AS others
       ON CONFLICT DO NOTHING RETURNING told`,
      [id, creatorId, at, before(at, HOUR_MS)],
    );
    if (!row) return 'taken';
    return row.told ? 'told' : 'limited';
  }
}

const TOLD_SINCE = (creator: string, since: string): string =>
  `SELECT count(*)::int AS told FROM task_matches
    WHERE creator_agent_id = ${creator} AND announced_at > ${since} AND told`;
