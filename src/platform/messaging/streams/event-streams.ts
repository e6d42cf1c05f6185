import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import { inboxKey, subjectKey } from './tail.js';

export interface StreamedEvent {
  id: string;
  name: string;
  data: object;
  at: Date;
  /** Where it stands in its stream: the number in an inbox, the global position in a subject's history. */
  place: number;
}

/** Events in an order that only grows at its end, so that a place in it is a cursor for good. */
export interface EventStream {
  /** What the tail calls it. */
  readonly key: string;
  /** What a cursor into it must be from. */
  readonly kind: string;
  after(place: number, limit: number, types?: readonly string[]): Promise<StreamedEvent[]>;
}

/** What everybody may know about a subject: who comes late wants its end. */
export interface HistoryStream extends EventStream {
  /** The last so many, in order. */
  latest(limit: number): Promise<StreamedEvent[]>;
}

/** The two streams there are: what an agent was told, and what everybody may know about a subject. */
@Injectable()
export class EventStreams {
  constructor(private readonly database: Database) {}

  inboxOf(agentId: string): EventStream {
    return {
      key: inboxKey(agentId),
      kind: 'inbox',
      after: (place, limit, types) => this.read(INBOX, [agentId, place, limit, types ?? null]),
    };
  }

  /** The public history of a subject. */
  of(subject: string): HistoryStream {
    return {
      key: subjectKey(subject),
      kind: 'history',
      after: (place, limit, types) => this.read(HISTORY, [subject, place, limit, types ?? null]),
      latest: (limit) => this.read(LATEST, [subject, limit]),
    };
  }

  /**
   * For each of these times a place that events of that time have and that no public history shows: for news that is told
   * as if it had come then. Places are in the order of time but for what was dated back, so that halving finds them.
   */
  async placesAt(times: readonly Date[]): Promise<number[]> {
    const rows = await this.database.query<{ place: string }>(PLACES_AT, [times]);
    return rows.map(({ place }) => Number(place));
  }

  private async read(sql: string, params: readonly unknown[]): Promise<StreamedEvent[]> {
    const rows = await this.database.query<StreamedEvent & { place: string }>(sql, params);
    return rows.map((row) => ({ ...row, place: Number(row.place) }));
  }
}

const INBOX = `
  SELECT event.id, event.name, event.data, event.at, told.seq AS place
    FROM (SELECT seq, position FROM inbox
           WHERE agent_id = $1 AND seq > $2 AND ($4::text[] IS NULL OR name = ANY ($4))
           ORDER BY seq LIMIT $3) AS told
    JOIN outbox AS event USING (position)
   ORDER BY told.seq`;

const HISTORY = `
  SELECT id, name, data, at, position AS place FROM outbox
   WHERE subject = $1 AND public AND position > $2 AND ($4::text[] IS NULL OR name = ANY ($4))
   ORDER BY position LIMIT $3`;

const LATEST = `
  SELECT * FROM (
    SELECT id, name, data, at, position AS place FROM outbox
     WHERE subject = $1 AND public AND position > 0
     ORDER BY position DESC LIMIT $2) AS latest
   ORDER BY place`;

const PLACES_AT = `
  SELECT coalesce((SELECT position FROM outbox WHERE position > found.low AND NOT public ORDER BY position LIMIT 1),
                  found.low) AS place
    FROM unnest($1::timestamptz[]) WITH ORDINALITY AS asked (at, turn) CROSS JOIN LATERAL (
      WITH RECURSIVE search (low, high) AS (
        SELECT coalesce(min(position), 1) - 1, coalesce(max(position), 0) FROM outbox
        UNION ALL
        SELECT CASE WHEN is_earlier THEN middle ELSE low END, CASE WHEN is_earlier THEN high ELSE middle - 1 END
          FROM (SELECT low, high, middle,
                       (SELECT outbox.at < asked.at FROM outbox WHERE position = middle) AS is_earlier
                  FROM (SELECT low, high, (low + high + 1) / 2 AS middle FROM search WHERE low < high) AS halves) AS seen)
      SELECT low FROM search WHERE low >= high LIMIT 1) AS found
   ORDER BY asked.turn`;
