import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database, UnitOfWork } from '#platform/database';
import type { Bucket } from '../domain/token-bucket.js';

/** Longer than a turn can take, which is thirteen; a process that dies gives its turns back by this. */
const LEASE = '20 seconds';

/** An endpoint whose turn it is. */
export interface Turn {
  agentId: string;
  bucket: Bucket | undefined;
  failing: boolean;
}

export interface TurnEnd {
  agentId: string;
  bucket: Bucket;
  failing: boolean;
  /** Nothing is due before, whatever waits: the host is left alone, or the bucket is empty. */
  notBefore?: Date;
}

interface Row {
  agent_id: string;
  tokens: number | null;
  tokens_at: Date | null;
  failing: boolean;
}

/** Whose turn it is to be sent something. Leases are real time, everything else is the clock of the rules. */
@Injectable()
export class EndpointStore {
  constructor(
    private readonly database: Database,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Leases endpoints that have something due, those first who waited longest for a turn. Endpoints whose last attempt
   * failed have places of their own, so that any number that hang leave the others theirs.
   */
  async claim(at: Date, holder: string, places: { well: number; failing: number }): Promise<Turn[]> {
    const rows = await this.database.query<Row>(
      `WITH well AS (${CANDIDATES('false', '$3')}), failing AS (${CANDIDATES('true', '$4')})
       UPDATE webhook_endpoints e
          SET held_by = $2, held_until = now() + interval '${LEASE}', turn_at = clock_timestamp()
         FROM (SELECT agent_id FROM well UNION ALL SELECT agent_id FROM failing) AS mine
        WHERE e.agent_id = mine.agent_id
        RETURNING e.agent_id, e.tokens, e.tokens_at, e.failing`,
      [at, holder, places.well, places.failing],
    );
    return rows.map(({ agent_id, tokens, tokens_at, failing }) => ({
      agentId: agent_id,
      bucket: tokens === null || tokens_at === null ? undefined : { tokens, at: tokens_at },
      failing,
    }));
  }

  /** Makes endpoints due, in the transaction in which something for them was put on the list. */
  async enlist(tx: Tx, agentIds: readonly string[], at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO webhook_endpoints AS e (agent_id, next_due_at)
       SELECT DISTINCT agent_id, $2::timestamptz FROM unnest($1::text[]) AS agent_id ORDER BY agent_id
       ON CONFLICT (agent_id) DO UPDATE
         SET next_due_at = least(e.next_due_at, greatest(excluded.next_due_at, e.not_before))`,
      [agentIds, at],
    );
  }

  /**
   * Gives turns back. The rows are locked before the list is read, in a statement of its own: a transaction that adds a
   * delivery meanwhile has either committed, so we read it, or makes the endpoint due after us.
   */
  async release(holder: string, ends: readonly TurnEnd[]): Promise<void> {
    const rows = ends.map(({ agentId, bucket, failing, notBefore }) => ({
      agent_id: agentId,
      tokens: bucket.tokens,
      tokens_at: bucket.at,
      failing,
      not_before: notBefore ?? null,
    }));
    await this.work.run(async (tx) => {
      await tx.query(
        `SELECT FROM webhook_endpoints WHERE agent_id = ANY ($1) ORDER BY agent_id FOR NO KEY UPDATE`,
        [rows.map(({ agent_id }) => agent_id)],
      );
      await tx.query(
        `UPDATE webhook_endpoints e
            SET held_by = NULL, held_until = NULL, tokens = r.tokens, tokens_at = r.tokens_at,
                failing = r.failing, not_before = r.not_before, next_due_at = (
                  SELECT greatest(d.next_attempt_at, r.not_before) FROM webhook_deliveries d
                   WHERE d.agent_id = e.agent_id AND d.state = 'pending'
                   ORDER BY d.next_attempt_at LIMIT 1)
           FROM jsonb_to_recordset($1::jsonb) AS r (agent_id text, tokens float8, tokens_at timestamptz,
                                                    failing boolean, not_before timestamptz)
          WHERE e.agent_id = r.agent_id AND e.held_by = $2`,
        [JSON.stringify(rows), holder],
      );
    });
  }

  async nextDue(): Promise<Date | null> {
    const [row] = await this.database.query<{ due: Date | null }>(
      'SELECT min(next_due_at) AS due FROM webhook_endpoints',
    );
    return row?.due ?? null;
  }
}

/** Of one kind, due and held by nobody. */
const CANDIDATES = (failing: string, limit: string): string =>
  `SELECT agent_id FROM webhook_endpoints
    WHERE failing = ${failing} AND next_due_at <= $1 AND (held_until IS NULL OR held_until < now())
    ORDER BY turn_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
