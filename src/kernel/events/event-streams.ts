import { Injectable } from '@nestjs/common';
import { Database } from '../db/database.js';
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
