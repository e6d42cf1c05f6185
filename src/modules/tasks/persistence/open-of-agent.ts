import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';

const BATCH = 100;

/** What one agent has on the board, the oldest first, in batches: it may be any number. */
@Injectable()
export class OpenOfAgent {
  constructor(private readonly database: Database) {}

  /** Its tasks that take bids. */
  tasks(creatorId: string): AsyncIterable<string> {
    return this.walk(
      `SELECT id, id AS "taskId", created_at AS at FROM tasks
        WHERE creator_agent_id = $1 AND status IN ('open', 'bidding') AND (created_at, id) > ($2, $3)
        ORDER BY created_at, id LIMIT ${BATCH}`,
      creatorId,
    );
  }

  /** Those on which a bid of its is pending. */
  tasksWithBid(bidderId: string): AsyncIterable<string> {
    return this.walk(
      `SELECT id, task_id AS "taskId", created_at AS at FROM bids
        WHERE agent_id = $1 AND status = 'pending' AND (created_at, id) > ($2, $3)
        ORDER BY created_at, id LIMIT ${BATCH}`,
      bidderId,
    );
  }

  private async *walk(sql: string, agentId: string): AsyncIterable<string> {
    for (let place: readonly [Date, string] = [new Date(0), '']; ;) {
      const rows = await this.database.query<{ id: string; taskId: string; at: Date }>(sql, [
        agentId,
        ...place,
      ]);
      for (const { taskId } of rows) yield taskId;
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      place = [last.at, last.id];
    }
  }
}
