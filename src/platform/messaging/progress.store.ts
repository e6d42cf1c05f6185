import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
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
         held_until = CASE WHEN held_until > now() THEN held_until ELSE now() + ${LEASE} END,
         busy_since = CASE WHEN held_until > now() THEN busy_since ELSE now() END
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
      `UPDATE event_done SET position = $5, held_until = now() + ${LEASE}, busy_since = now(), ${RECOVERED}
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
         held_until = CASE WHEN asked THEN now() + ${LEASE} END,
         busy_since = CASE WHEN asked THEN now() END
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
         retry_at = now() + $9 * interval '1 millisecond', held_by = NULL, held_until = NULL, busy_since = NULL,
         asked = false
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

  /** For how long each subscriber has been at the batch that it has in hand; 0 for one that is at rest. */
  async running(): Promise<{ subscriber: string; seconds: number }[]> {
    return this.database.query(
      `SELECT subscriber, coalesce(max(extract(epoch FROM clock_timestamp() - busy_since))
                                     FILTER (WHERE held_until > now()), 0)::float8 AS seconds
         FROM event_done GROUP BY subscriber`,
    );
  }

  /** When the oldest event happened that each subscriber waits for; who waits for nothing is not among them. */
  async oldestWaiting(subscribers: readonly Subscriber[]): Promise<Map<string, Date>> {
    const behind = await this.behind(subscribers);
    if (behind.length === 0) return new Map();
    const wanted = new Map(subscribers.map(({ name, events }) => [name, events ?? null]));
    const rows = await this.database.query<{ subscriber: string; oldest: Date | null }>(
      `SELECT subscriber, min(first.at) AS oldest
         FROM jsonb_to_recordset($1::jsonb) AS track (subscriber text, shard int, position bigint, events text[])
              CROSS JOIN LATERAL (
                SELECT at FROM outbox
                 WHERE outbox.position > track.position AND outbox.position <= track.position + ${LOOK_BACK}
                   AND ${SHARD_OF_SUBJECT} = track.shard AND (track.events IS NULL OR name = ANY (track.events))
                 ORDER BY outbox.position LIMIT 1) AS first
        GROUP BY subscriber`,
      [JSON.stringify(behind.map((track) => ({ ...track, events: wanted.get(track.subscriber) })))],
    );
    return new Map(rows.flatMap(({ subscriber, oldest }) => (oldest ? [[subscriber, oldest] as const] : [])));
  }
}

const RECOVERED = 'failures = 0, failed_position = NULL, last_error = NULL, retry_at = NULL';
