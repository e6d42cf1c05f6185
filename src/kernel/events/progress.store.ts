import { Injectable } from '@nestjs/common';
import { Database } from '../db/database.js';
import { SHARD_OF_SUBJECT, SHARDS, type Track } from './shards.js';
import type { Subscriber } from './subscribers.js';

/** Longer than any pause of a living process; its work renews the lease long before. */
export const LEASE_MS = 15_000;
const LEASE = `interval '${LEASE_MS} milliseconds'`;
/** Of the last so many events it is known whom they concern; who stands before them is behind. */
const LOOK_BACK = 5_000;

export interface Claim {
  /** Everything up to here is done. */
  position: number;
  /** The last position that was given when the claim was made. */
  last: number;
  failures: number;
}

export interface Failing extends Track {
  failures: number;
  failedPosition: number;
  error: string;
}

/** `event_done`: how far each subscriber is in each shard, and who is working on it. The truth; queues only hint. */
@Injectable()
export class ProgressStore {
  constructor(private readonly database: Database) {}

  /** A subscriber that is new starts with the news, not with the whole past. */
  async begin(subscriber: string): Promise<void> {
    await this.database.query(
      `INSERT INTO event_done (subscriber, shard, position)
       SELECT $1, shard, (SELECT coalesce(max(position), 0) FROM outbox) FROM generate_series(0, $2 - 1) AS shard
       ON CONFLICT DO NOTHING`,
      [subscriber, SHARDS],
    );
  }

  /**
   * Takes the track for one holder, or leaves word that there is more to do: then the holder looks again before
   * it lets go. Undefined while another one holds it, or while it waits after a failure.
   */
  async claim({ subscriber, shard }: Track, holder: string): Promise<Claim | undefined> {
    const [row] = await this.database.prepared<{
      mine: boolean;
      position: string;
      last: string;
      failures: number;
    }>(
      'claim-track',
      `UPDATE event_done SET
         asked = coalesce(held_until > now(), false),
         held_by = CASE WHEN held_until > now() THEN held_by ELSE $3 END,
         held_until = CASE WHEN held_until > now() THEN held_until ELSE now() + ${LEASE} END
       WHERE subscriber = $1 AND shard = $2 AND (retry_at IS NULL OR retry_at <= now())
       RETURNING held_by = $3 AS mine, position, failures, (SELECT coalesce(max(position), 0) FROM outbox) AS last`,
      [subscriber, shard, holder],
    );
    if (!row?.mine) return undefined;
    return { position: Number(row.position), last: Number(row.last), failures: row.failures };
  }

  /** Keeps what was done and the lease. False when the lease was lost: then another one goes on from `from`. */
  async advance({ subscriber, shard }: Track, holder: string, from: number, to: number): Promise<boolean> {
    const kept = await this.database.prepared(
      'advance-track',
      `UPDATE event_done SET position = $5, held_until = now() + ${LEASE}, ${RECOVERED}
        WHERE subscriber = $1 AND shard = $2 AND held_by = $3 AND position = $4 RETURNING 1`,
      [subscriber, shard, holder, from, to],
    );
    return kept.length > 0;
  }

  /** The same and lets go, unless somebody asked meanwhile: then true, and there may be more to do. */
  async finish({ subscriber, shard }: Track, holder: string, from: number, to: number): Promise<boolean> {
    const [row] = await this.database.prepared<{ again: boolean }>(
      'finish-track',
      `UPDATE event_done SET position = $5, asked = false, ${RECOVERED},
         held_by = CASE WHEN asked THEN held_by END,
         held_until = CASE WHEN asked THEN now() + ${LEASE} END
       WHERE subscriber = $1 AND shard = $2 AND held_by = $3 AND position = $4
       RETURNING held_by IS NOT NULL AS again`,
      [subscriber, shard, holder, from, to],
    );
    return row?.again ?? false;
  }

  /** Keeps what was done before the failure, lets go, and holds this track up for a while. */
  async fail(
    { subscriber, shard }: Track,
    holder: string,
    from: number,
    failure: { done: number; failures: number; failedPosition: number; error: string; pauseMs: number },
  ): Promise<void> {
    await this.database.query(
      `UPDATE event_done SET position = $5, failures = $6, failed_position = $7, last_error = $8,
         retry_at = now() + $9 * interval '1 millisecond', held_by = NULL, held_until = NULL, asked = false
       WHERE subscriber = $1 AND shard = $2 AND held_by = $3 AND position = $4`,
      [
        subscriber,
        shard,
        holder,
        from,
        failure.done,
        failure.failures,
        failure.failedPosition,
        failure.error,
        failure.pauseMs,
      ],
    );
  }

  async renew({ subscriber, shard }: Track, holder: string): Promise<void> {
    await this.database.query(
      `UPDATE event_done SET held_until = now() + ${LEASE} WHERE subscriber = $1 AND shard = $2 AND held_by = $3`,
      [subscriber, shard, holder],
    );
  }

  /** Tracks of these subscribers with events of theirs before them, whoever works on them. */
  async behind(subscribers: readonly Subscriber[]): Promise<(Track & { position: number })[]> {
    const rows = await this.database.query<Track & { position: string }>(
      `WITH lane AS (SELECT coalesce(max(position), 0) - ${LOOK_BACK} AS start FROM outbox),
       -- With both ends, or PostgreSQL would take it for a third of the table and read all of it.
       news AS MATERIALIZED (
         SELECT name, ${SHARD_OF_SUBJECT} AS shard, max(position) AS position FROM outbox
          WHERE position > (SELECT start FROM lane) AND position <= (SELECT start FROM lane) + ${LOOK_BACK}
          GROUP BY 1, 2)
       SELECT done.subscriber, done.shard, done.position
         FROM jsonb_to_recordset($1::jsonb) AS wanted (name text, events text[])
         JOIN event_done AS done ON done.subscriber = wanted.name
        WHERE done.position < (SELECT start FROM lane)
           OR EXISTS (SELECT FROM news WHERE news.position > done.position AND news.shard = done.shard
                         AND (wanted.events IS NULL OR news.name = ANY (wanted.events)))`,
      [JSON.stringify(subscribers.map(({ name, events }) => ({ name, events: events ?? null })))],
    );
    return rows.map((row) => ({ ...row, position: Number(row.position) }));
  }

  /** Tracks that failed and have not got past it since. */
  async failing(): Promise<Failing[]> {
    const rows = await this.database.query<Failing & { failedPosition: string }>(
      `SELECT subscriber, shard, failures, failed_position AS "failedPosition", last_error AS error
         FROM event_done WHERE failures > 0`,
    );
    return rows.map((row) => ({ ...row, failedPosition: Number(row.failedPosition) }));
  }

  /** How many positions each subscriber's slowest shard is behind. */
  async lags(): Promise<{ subscriber: string; behind: number }[]> {
    const rows = await this.database.query<{ subscriber: string; behind: string }>(
      `SELECT subscriber, (SELECT coalesce(max(position), 0) FROM outbox) - min(position) AS behind
         FROM event_done GROUP BY subscriber`,
    );
    return rows.map(({ subscriber, behind }) => ({ subscriber, behind: Number(behind) }));
  }
}

const RECOVERED = 'failures = 0, failed_position = NULL, last_error = NULL, retry_at = NULL';
