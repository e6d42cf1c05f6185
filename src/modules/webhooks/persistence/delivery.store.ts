import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'skipped';

export interface NewDelivery {
  agentId: string;
  eventId: string;
  event: string;
  payload: string;
  /** Of the body; null for one that is only noted, because the endpoint is off. */
  signatures: readonly string[] | null;
}

/** One that is to be sent now. */
export interface OwedDelivery {
  rowId: string;
  agentId: string;
  eventId: string;
  event: string;
  payload: string;
  signatures: string[];
  tries: number;
}

export interface Attempt {
  at: Date;
  status: number | null;
  ms: number;
  error: string | null;
  answer: string | null;
}

/** How an attempt ended, and what becomes of the delivery. */
export interface AttemptResult extends Attempt {
  rowId: string;
  /** The count with this attempt; a result for another count is of a lost lease, and only logged. */
  tries: number;
  state: 'pending' | 'delivered' | 'failed';
  nextAttemptAt: Date | null;
}

const OWED =
  'row_id AS "rowId", agent_id AS "agentId", event_id AS "eventId", event, payload, signatures, tries';

/** What is owed to whom, and every attempt. */
@Injectable()
export class DeliveryStore {
  constructor(private readonly database: Database) {}

  /** One for each agent and event, however often it is asked for. Answers who has something new to be sent. */
  async insert(tx: Tx, deliveries: readonly NewDelivery[], at: Date): Promise<string[]> {
    const rows = deliveries.map(({ agentId, eventId, event, payload, signatures }) => ({
      agent_id: agentId,
      event_id: eventId,
      event,
      payload,
      signatures,
    }));
    const inserted = await tx.query<{ agent_id: string; state: DeliveryState }>(
      `INSERT INTO webhook_deliveries (agent_id, event_id, event, payload, signatures, state, next_attempt_at, created_at)
       SELECT agent_id, event_id, event, payload, signatures,
              CASE WHEN signatures IS NULL THEN 'skipped' ELSE 'pending' END,
              CASE WHEN signatures IS NULL THEN NULL ELSE $2::timestamptz END, $2
         FROM jsonb_to_recordset($1::jsonb)
           AS r (agent_id text, event_id text, event text, payload text, signatures text[])
       ON CONFLICT (agent_id, event_id) DO NOTHING RETURNING agent_id, state`,
      [JSON.stringify(rows), at],
    );
    return inserted.filter(({ state }) => state === 'pending').map(({ agent_id }) => agent_id);
  }

  /**
   * The first few of each of these endpoints that are due, those that were tried most first: behind the news of an
   * endpoint that hangs, the event whose last failure ends it would wait for hours.
   */
  owed(agentIds: readonly string[], at: Date, limitEach: number): Promise<OwedDelivery[]> {
    return this.database.query<OwedDelivery>(
      `SELECT d.* FROM unnest($1::text[]) AS e (agent_id) CROSS JOIN LATERAL (
         (SELECT ${OWED} FROM webhook_deliveries
           WHERE agent_id = e.agent_id AND state = 'pending' AND tries > 0 AND next_attempt_at <= $2
           ORDER BY tries DESC, next_attempt_at, row_id LIMIT $3)
         UNION ALL
         (SELECT ${OWED} FROM webhook_deliveries
           WHERE agent_id = e.agent_id AND state = 'pending' AND tries = 0 AND next_attempt_at <= $2
           ORDER BY next_attempt_at, row_id LIMIT $3)
         LIMIT $3) AS d`,
      [agentIds, at, limitEach],
    );
  }

  async finish(results: readonly AttemptResult[]): Promise<void> {
    const rows = results.map(({ rowId, nextAttemptAt, ...rest }) => ({
      ...rest,
      row_id: rowId,
      next_attempt_at: nextAttemptAt,
    }));
    await this.database.query(
      `WITH result AS (SELECT * FROM jsonb_to_recordset($1::jsonb)
              AS r (row_id bigint, tries smallint, state text, next_attempt_at timestamptz, at timestamptz,
                    status smallint, ms int, error text, answer text)),
            logged AS (INSERT INTO webhook_attempts (delivery_id, at, status, ms, error, answer)
                       SELECT row_id, at, status, ms, error, answer FROM result)
       UPDATE webhook_deliveries d
          SET state = r.state, tries = r.tries, next_attempt_at = r.next_attempt_at,
              finished_at = CASE WHEN r.state = 'pending' THEN NULL ELSE r.at END
         FROM result r WHERE d.row_id = r.row_id AND d.state = 'pending' AND d.tries = r.tries - 1`,
      [JSON.stringify(rows)],
    );
  }

  /** For an endpoint that is off: what waits stays in the log, where a replay finds it. */
  async skip(tx: Tx, agentId: string, except: string, at: Date): Promise<void> {
    await tx.query(
      `UPDATE webhook_deliveries SET state = 'skipped', next_attempt_at = NULL, finished_at = $3
        WHERE agent_id = $1 AND state = 'pending' AND event <> $2`,
      [agentId, except, at],
    );
  }
}
