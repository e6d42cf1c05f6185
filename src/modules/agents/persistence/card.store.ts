import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import { NoAgentCard } from '../agents.errors.js';

/** What is known of the A2A card of a verified agent. */
export interface AgentCard {
  agentId: string;
  url: string;
  skills: string[];
  nextReadAt: Date;
  /** When it was last understood. */
  readAt: Date | null;
  /** How often in a row it could not be read, and why the last time. */
  failures: number;
  error: string | null;
}

/** A card whose turn it is. */
export type CardToRead = Pick<AgentCard, 'agentId' | 'url' | 'failures'>;

/** What one look at a card has shown; without skills it could not be read, and those known before stay. */
export interface CardLook {
  skills: string[] | undefined;
  error: string | null;
  at: Date;
  nextReadAt: Date;
}

const COLUMNS = `agent_id AS "agentId", url, skills, next_read_at AS "nextReadAt", read_at AS "readAt", failures, error`;

@Injectable()
export class CardStore {
  constructor(private readonly database: Database) {}

  async get(agentId: string): Promise<AgentCard> {
    const [card] = await this.database.query<AgentCard>(
      `SELECT ${COLUMNS} FROM agent_cards WHERE agent_id = $1`,
      [agentId],
    );
    if (!card) throw new NoAgentCard();
    return card;
  }

  /** To be read at once. Another address is another card, of which nothing is known yet; false when it is the same. */
  async follow(tx: Tx, agentId: string, url: string, at: Date): Promise<boolean> {
    const followed = await tx.query(
      `INSERT INTO agent_cards AS card (agent_id, url, next_read_at) VALUES ($1, $2, $3)
       ON CONFLICT (agent_id) DO UPDATE
         SET url = $2, next_read_at = $3, skills = '{}', read_at = NULL, failures = 0, error = NULL WHERE card.url <> $2
       RETURNING 1`,
      [agentId, url, at],
    );
    return followed.length > 0;
  }

  async forget(tx: Tx, agentId: string): Promise<void> {
    await tx.query('DELETE FROM agent_cards WHERE agent_id = $1', [agentId]);
  }

  async nextDue(): Promise<Date | null> {
    const [row] = await this.database.query<{ due: Date }>(
      `SELECT next_read_at AS due FROM agent_cards JOIN agents ON id = agent_id
        WHERE status <> 'suspended' ORDER BY next_read_at LIMIT 1`,
    );
    return row?.due ?? null;
  }

  /** Whoever claims a card and dies leaves it to the next, when the lease is over. */
  async claim(at: Date, leasedUntil: Date, limit: number): Promise<CardToRead[]> {
    return this.database.query<CardToRead>(
      `UPDATE agent_cards SET next_read_at = $2
        WHERE agent_id IN (SELECT agent_id FROM agent_cards JOIN agents ON id = agent_id
                            WHERE next_read_at <= $1 AND status <> 'suspended'
                            ORDER BY next_read_at LIMIT $3 FOR UPDATE OF agent_cards SKIP LOCKED)
        RETURNING agent_id AS "agentId", url, failures`,
      [at, leasedUntil, limit],
    );
  }

  /** False for a card that has another address by now: the look says nothing about it. */
  async saveLook(
    tx: Tx,
    { agentId, url }: CardToRead,
    { skills, error, at, nextReadAt }: CardLook,
  ): Promise<boolean> {
    const saved = await tx.query(
      `UPDATE agent_cards SET next_read_at = $3, error = $4, skills = coalesce($5, skills),
              failures = CASE WHEN $5::text[] IS NULL THEN failures + 1 ELSE 0 END,
              read_at = CASE WHEN $5::text[] IS NULL THEN read_at ELSE $6 END
        WHERE agent_id = $1 AND url = $2 RETURNING 1`,
      [agentId, url, nextReadAt, error, skills ?? null, at],
    );
    return saved.length > 0;
  }
}
