import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '#platform/database';
import type { EventName, RecordedEvent } from './domain-events.js';
import { SHARD_OF_SUBJECT } from './shards.js';

/** Any number; every replica uses the same one. */
const LANE_LOCK = 7_301_001;
/** One event may be told to thousands; so many inbox rows at once keep the lane's transaction short. */
const TOLD_AT_ONCE = 20_000;

/** What a round of numbering brought: per name and shard the first position and how many. */
export interface Numbered {
  count: number;
  news: readonly { name: string; shard: number; first: number }[];
}

export interface ShardedEvent {
  shard: number;
  event: RecordedEvent;
}

/** The outbox as the relay sees it: committed rows, numbered by one lane, read by subscribers in that order. */
@Injectable()
export class OutboxStore {
  constructor(
    private readonly database: Database,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Numbers the rows that were committed since, everybody else's before the emission's, and files them in the
   * inboxes of those who are told. One lane at a time and only committed rows, so that nothing ever commits
   * behind a position or a cursor that was already read.
   */
  async number(limit: number): Promise<Numbered> {
    const rows = await this.work.run(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [LANE_LOCK]);
      return tx.query<{ name: string; shard: number; first: string; count: string }>(NUMBER, [
        limit,
        TOLD_AT_ONCE,
      ]);
    });
    return {
      count: rows.reduce((sum, { count }) => sum + Number(count), 0),
      news: rows.map(({ name, shard, first }) => ({ name, shard, first: Number(first) })),
    };
  }

  /** The events of a shard in a stretch of positions; without names, all of them. */
  async between(
    { after, to }: { after: number; to: number },
    shard: number,
    names: readonly EventName[] | undefined,
    limit: number,
  ): Promise<RecordedEvent[]> {
    const rows = await this.database.query<EventRow>(
      `SELECT ${EVENT} FROM outbox
        WHERE position > $1 AND position <= $2 AND ${SHARD_OF_SUBJECT} = $3
          AND ($4::text[] IS NULL OR name = ANY ($4)) ORDER BY position LIMIT $5`,
      [after, to, shard, names ?? null, limit],
    );
    return rows.map(toEvent);
  }

  /** All of a stretch, with the shard of each. */
  async stretch({ after, to }: { after: number; to: number }): Promise<ShardedEvent[]> {
    const rows = await this.database.prepared<EventRow & { shard: number }>(
      'stretch-of-events',
      `SELECT ${EVENT}, ${SHARD_OF_SUBJECT} AS shard FROM outbox
        WHERE position > $1 AND position <= $2 ORDER BY position`,
      [after, to],
    );
    return rows.map(({ shard, ...row }) => ({ shard, event: toEvent(row) }));
  }

  async last(): Promise<number> {
    const [row] = await this.database.query<{ last: string }>(
      'SELECT coalesce(max(position), 0) AS last FROM outbox',
    );
    return Number(row!.last);
  }

  /** How much is not yet numbered, and for how long the oldest of it has waited. */
  async backlog(): Promise<{ waiting: number; oldestMs: number }> {
    const [row] = await this.database.query<{ waiting: string; oldest: Date | null }>(
      `SELECT count(*) AS waiting, min(at) AS oldest FROM outbox WHERE position IS NULL`,
    );
    const oldestMs = row!.oldest ? Math.max(0, Date.now() - row!.oldest.getTime()) : 0;
    return { waiting: Number(row!.waiting), oldestMs };
  }

  async anyUnnumbered(): Promise<boolean> {
    const [row] = await this.database.query<{ some: boolean }>(
      'SELECT EXISTS (SELECT FROM outbox WHERE position IS NULL) AS some',
    );
    return row!.some;
  }
}

type EventRow = Omit<RecordedEvent, 'position'> & { position: string };

const EVENT = 'id, name, subject, audience, public, data, at, position, seqs';
const toEvent = (row: EventRow): RecordedEvent => ({ ...row, position: Number(row.position) });

/**
 * One statement: a snapshot that is taken after the lock sees all that the lane before has committed. An agent
 * who is named twice is told once, and a name that is null tells nobody: no row may stop the lane.
 */
const NUMBER = `
  WITH lane AS (SELECT coalesce(max(position), 0) AS last FROM outbox),
  picked AS MATERIALIZED (
    SELECT row_id, name, subject, audience, place
      FROM (SELECT *, row_number() OVER turn AS place,
                   sum(cardinality(audience)) OVER turn - cardinality(audience) AS told_before
              FROM (SELECT row_id, priority, name, subject, audience FROM outbox WHERE position IS NULL
                     ORDER BY priority, row_id LIMIT $1) AS committed
            WINDOW turn AS (ORDER BY priority, row_id)) AS counted
     WHERE told_before < $2),
  addressed AS MATERIALIZED (
    SELECT DISTINCT row_id, place, name, agent_id FROM picked CROSS JOIN LATERAL unnest(audience) AS told (agent_id)
     WHERE agent_id IS NOT NULL),
  heads AS MATERIALIZED (
    SELECT agent_id, coalesce((SELECT seq FROM inbox WHERE inbox.agent_id = told.agent_id
                                ORDER BY seq DESC LIMIT 1), 0) AS seq
      FROM (SELECT DISTINCT agent_id FROM addressed) AS told),
  filed AS MATERIALIZED (
    SELECT row_id, place, name, agent_id,
           heads.seq + row_number() OVER (PARTITION BY agent_id ORDER BY place) AS seq
      FROM addressed JOIN heads USING (agent_id)),
  kept AS (
    INSERT INTO inbox (agent_id, seq, position, name)
    SELECT agent_id, seq, lane.last + place, name FROM filed CROSS JOIN lane),
  numbered AS (
    UPDATE outbox SET position = lane.last + picked.place, seqs = coalesce(told.seqs, '{}')
      FROM lane, picked LEFT JOIN (SELECT row_id, jsonb_object_agg(agent_id, seq) AS seqs FROM filed GROUP BY row_id)
                          AS told USING (row_id)
     WHERE outbox.row_id = picked.row_id)
  SELECT name, ${SHARD_OF_SUBJECT} AS shard, lane.last + min(place) AS first, count(*) AS count
    FROM picked CROSS JOIN lane GROUP BY name, shard, lane.last`;
