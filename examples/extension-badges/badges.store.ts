import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';

export interface Badge {
  agentId: string;
  badge: string;
  earnedAt: Date;
}

@Injectable()
export class BadgesStore {
  constructor(private readonly database: Database) {}

  /** False when the agent has the badge already. Of two deliveries at once the second waits, and then learns it. */
  async award(tx: Tx, { agentId, badge, earnedAt }: Badge): Promise<boolean> {
    const awarded = await tx.query(
      `INSERT INTO badges (agent_id, badge, earned_at) VALUES ($1, $2, $3)
       ON CONFLICT (agent_id, badge) DO NOTHING RETURNING 1`,
      [agentId, badge, earnedAt],
    );
    return awarded.length > 0;
  }

  async has(tx: Tx, agentId: string, badge: string): Promise<boolean> {
    const found = await tx.query('SELECT FROM badges WHERE agent_id = $1 AND badge = $2', [agentId, badge]);
    return found.length > 0;
  }

  of(agentId: string): Promise<Badge[]> {
    return this.database.query<Badge>(
      `SELECT agent_id AS "agentId", badge, earned_at AS "earnedAt" FROM badges
        WHERE agent_id = $1 ORDER BY earned_at, badge`,
      [agentId],
    );
  }
}
