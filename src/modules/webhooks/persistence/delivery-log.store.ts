import { Injectable } from '@nestjs/common';
import type { Tx } from '#kernel/tx';
import { Database } from '#platform/database';
import type { Attempt, DeliveryState } from './delivery.store.js';

/** Of one delivery, the latest are shown. */
const ATTEMPTS_SHOWN = 20;

export interface LoggedDelivery {
  rowId: string;
  eventId: string;
  event: string;
  state: DeliveryState;
  payload: string;
  signatures: string[] | null;
  nextAttemptAt: Date | null;
  createdAt: Date;
  finishedAt: Date | null;
  attempts: (Omit<Attempt, 'at'> & { at: string })[];
}

export interface LogFilter {
  state?: DeliveryState;
  event?: string;
}

/** Which deliveries are to be sent once more. */
export type Selection = { ids: readonly string[] } | { since: Date } | { state: DeliveryState };

export interface Repeatable {
  row_id: string;
  payload: string;
  signatures: string[] | null;
}

const COLUMNS = `row_id AS "rowId", event_id AS "eventId", event, state, payload, signatures,
  next_attempt_at AS "nextAttemptAt", created_at AS "createdAt", finished_at AS "finishedAt",
  (SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.id), '[]') FROM (
     SELECT id, at, status, ms, error, answer FROM webhook_attempts
      WHERE delivery_id = d.row_id ORDER BY id DESC LIMIT ${ATTEMPTS_SHOWN}) AS a) AS attempts`;

/** The deliveries of one agent as it sees them, and sends them again. */
@Injectable()
export class DeliveryLogStore {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  page(
    agentId: string,
    { state, event }: LogFilter,
    before: string | undefined,
    limit: number,
  ): Promise<LoggedDelivery[]> {
    return this.database.query<LoggedDelivery>(
      `SELECT ${COLUMNS} FROM webhook_deliveries d
        WHERE agent_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR event = $3)
          AND ($4::bigint IS NULL OR row_id < $4)
        ORDER BY row_id DESC LIMIT $5`,
      [agentId, state ?? null, event ?? null, before ?? null, limit],
    );
  }

  async find(agentId: string, eventId: string, tx?: Tx): Promise<LoggedDelivery | undefined> {
    const [delivery] = await (tx ?? this.database).query<LoggedDelivery>(
      `SELECT ${COLUMNS} FROM webhook_deliveries d WHERE agent_id = $1 AND event_id = $2`,
      [agentId, eventId],
    );
    return delivery;
  }

  /** Locked, oldest first; what is on the list already, and pings, are left out. */
  select(tx: Tx, agentId: string, selection: Selection, ping: string, limit: number): Promise<Repeatable[]> {
    const [condition, value] = conditionOf(selection);
    return tx.query<Repeatable>(
      `SELECT row_id, payload, signatures FROM webhook_deliveries
        WHERE agent_id = $1 AND state <> 'pending' AND event <> $2 AND ${condition}
        ORDER BY row_id LIMIT $4 FOR NO KEY UPDATE`,
      [agentId, ping, value, limit],
    );
  }

  /** Puts deliveries back on the list. Bytes that were made once stay as they are. */
  async relist(tx: Tx, rows: readonly Repeatable[], at: Date): Promise<void> {
    await tx.query(
      `UPDATE webhook_deliveries d
          SET state = 'pending', tries = 0, next_attempt_at = $2, finished_at = NULL, signatures = r.signatures
         FROM jsonb_to_recordset($1::jsonb) AS r (row_id bigint, signatures text[])
        WHERE d.row_id = r.row_id`,
      [JSON.stringify(rows.map(({ row_id, signatures }) => ({ row_id, signatures }))), at],
    );
  }

  /** The payload of the agent's latest delivery of an event. */
  async latestPayload(agentId: string, event: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ payload: string }>(
      `SELECT payload FROM webhook_deliveries WHERE agent_id = $1 AND event = $2 ORDER BY row_id DESC LIMIT 1`,
      [agentId, event],
    );
    return row?.payload;
  }

  /**
   * Of the next stretch behind a row forgets what is older and no longer owed. Answers the last row of the stretch, or
   * nothing when what follows is younger.
   */
  async forgetNextBefore(time: Date, behindRowId: string): Promise<string | undefined> {
    const [end] = await this.database.query<{ last: string | null }>(
      `WITH stretch AS MATERIALIZED (
         SELECT row_id, created_at, state FROM webhook_deliveries WHERE row_id > $2 ORDER BY row_id LIMIT $3),
       gone AS (
         DELETE FROM webhook_deliveries d USING stretch s
          WHERE d.row_id = s.row_id AND s.created_at < $1 AND s.state <> 'pending' AND d.state <> 'pending')
       SELECT max(row_id) FILTER (WHERE created_at < $1) AS last FROM stretch`,
      [time, behindRowId, STRETCH],
    );
    return end!.last ?? undefined;
  }
}

/** With what each was tried, some ten thousand rows. */
const STRETCH = 2_000;

function conditionOf(selection: Selection): [condition: string, value: unknown] {
  if ('ids' in selection) return ['event_id = ANY ($3)', selection.ids];
  if ('since' in selection) return ['created_at >= $3', selection.since];
  return ['state = $3', selection.state];
}
