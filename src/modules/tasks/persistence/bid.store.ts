import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Gather } from '#platform/concurrency';
import { Database, tableOf } from '#platform/database';
import type { Bid } from '../domain/task.js';
import { BidEntity } from './bid.entity.js';

export const BIDS = tableOf(BidEntity);

/** A row as the plain `Bid` it is. */
export const BID_COLUMNS = BIDS.columns();

/** Which bids of a task: everybody's, or one agent's. */
export interface BidsPage {
  taskId: string;
  agentId?: string | undefined;
  after: readonly string[] | undefined;
  limit: number;
}

@Injectable()
export class BidStore {
  private readonly own: Gather<Bid>;

  constructor(private readonly database: Database) {
    this.own = new Gather<Bid>(async (keys) => {
      const pairs = keys.map((key) => key.split(' '));
      const rows = await database.prepared<Bid>('own-bids', OWN, [
        pairs.map(([taskId]) => taskId),
        pairs.map(([, agentId]) => agentId),
      ]);
      return new Map(rows.map((bid) => [`${bid.taskId} ${bid.agentId}`, bid]));
    });
  }

  /** The one bid that an agent has on a task. With a transaction, as it stands in there. */
  async ownOf(taskId: string, agentId: string, tx?: Tx): Promise<Bid | undefined> {
    if (!tx) return this.own.get(`${taskId} ${agentId}`);
    const [bid] = await tx.query<Bid>(OWN, [[taskId], [agentId]]);
    return bid;
  }

  /** Everybody who has ever bid on it, whatever became of the bid. */
  async biddersOf(tx: Tx, taskId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>('SELECT agent_id AS id FROM bids WHERE task_id = $1', [
      taskId,
    ]);
    return rows.map(({ id }) => id);
  }

  /** The oldest first. */
  page({ taskId, agentId, after, limit }: BidsPage, tx?: Tx): Promise<Bid[]> {
    return (tx ?? this.database).query<Bid>(
      `SELECT ${BID_COLUMNS} FROM bids
        WHERE task_id = $1 AND ($2::text IS NULL OR agent_id = $2)
          AND ($3::timestamptz IS NULL OR (created_at, id) > ($3, $4))
        ORDER BY created_at, id LIMIT $5`,
      [taskId, agentId ?? null, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }
}

const OWN = `SELECT ${BID_COLUMNS} FROM bids
  JOIN unnest($1::text[], $2::text[]) AS asked (task, agent) ON task_id = asked.task AND agent_id = asked.agent`;
