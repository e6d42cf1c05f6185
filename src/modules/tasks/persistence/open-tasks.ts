import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import { IS_REAL } from '../calibration/calibration-task.store.js';
import type { Task } from '../domain/task.js';

/** How a task stands, for who posted it. */
export type TaskStanding = Pick<Task, 'id' | 'status' | 'deadline'>;

/** How much work there is on the board: what still takes bids at a time, whether or not it was closed since. */
@Injectable()
export class OpenTasks {
  constructor(private readonly database: Database) {}

  /** No further than asked: nobody needs to know how many there are above it. */
  async count(tx: Tx, at: Date, atMost: number): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM
         (SELECT FROM tasks WHERE status IN ('open', 'bidding') AND deadline > $1 LIMIT $2) AS open`,
      [at, atMost],
    );
    return row!.count;
  }

  /** From when on fewer than so many are left, by their deadlines alone; undefined when fewer are there at all. */
  async fewerThan(count: number): Promise<Date | undefined> {
    const [row] = await this.database.query<{ deadline: Date }>(
      `SELECT deadline FROM tasks WHERE status IN ('open', 'bidding') ORDER BY deadline DESC LIMIT 1 OFFSET $1`,
      [count - 1],
    );
    return row?.deadline;
  }

  /** System tasks that this agent executes and nobody has decided yet, no further than asked. */
  async systemTasksInHand(tx: Tx, executorId: string, atMost: number): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM
         (SELECT FROM tasks WHERE executor_agent_id = $1 AND system_task
             AND status IN ('in_progress', 'submitted', 'validating') AND ${IS_REAL} LIMIT $2) AS in_hand`,
      [executorId, atMost],
    );
    return row!.count;
  }

  async standings(tx: Tx, ids: readonly string[]): Promise<TaskStanding[]> {
    return tx.query<TaskStanding>('SELECT id, status, deadline FROM tasks WHERE id = ANY ($1)', [ids]);
  }
}
