import { Injectable, Logger } from '@nestjs/common';
import { createPostgresBackend, createRedisBackend, Queue, Worker } from 'bullmq';
import pg from 'pg';
import { Settings } from '../../config/settings.js';
import { QUEUES_SCHEMA } from '../../database/queues-schema.js';
import { redisPrefix } from '../db/wakeups.provider.js';
import { PoolMetrics } from '../observe/pool-metrics.js';
import { SHARDS, type Track } from './shards.js';

/** A session for each worker's LISTEN, and as many for all that is asked meanwhile. */
const SESSIONS = 2 * SHARDS;
/**
 * Tickets that a worker has in hand at a time. With more of them than sessions to ask on, a worker whose sessions the
 * database has dropped asks for ever without a turn of the event loop.
 */
const IN_HAND_MAX = 3;
/** Who dies with a ticket in hand is found out after so long; the sweep does not wait for it. */
const TICKET_LOCK_MS = 30_000;
const CLOSE_MAX_MS = 3_000;

/**
 * The way to a worker, on whichever replica: a BullMQ queue per shard, on PostgreSQL, or on Redis where there is
 * one. What travels is a ticket ("look at this track"), not the events: a ticket that is lost, doubled or late
 * costs time and nothing else, so its commits need not wait for the disk.
 */
@Injectable()
export class RelayQueues {
  private readonly logger = new Logger('RelayQueues');
  private queues: Queue<Track>[] = [];
  private workers: Worker<Track>[] = [];
  private pool: pg.Pool | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly poolMetrics: PoolMetrics,
  ) {}

  /**
   * A subscriber that hangs takes one of the workers' places; `width` leaves one for each of the others, as far as there
   * are. Who finds none is found by the sweep.
   */
  open(width: number, work: (track: Track) => Promise<void>): void {
    const { backend, options } = this.settings.env.REDIS_URL ? this.onRedis() : this.onPostgres();
    for (let shard = 0; shard < SHARDS; shard++) {
      const name = `relay-${shard}`;
      const queue = new Queue<Track>(name, options, backend);
      const worker = new Worker<Track>(
        name,
        ({ data }) => work(data),
        { ...options, concurrency: Math.min(width, IN_HAND_MAX), lockDuration: TICKET_LOCK_MS, ...FORGET },
        backend,
      );
      queue.on('error', (error) => this.away(error));
      worker.on('error', (error) => this.away(error));
      this.queues.push(queue);
      this.workers.push(worker);
    }
  }

  /** One ticket per track and first position, however often it is offered. */
  async offer(track: Track, first: number): Promise<void> {
    const subscriber = track.subscriber.replaceAll(/[^\w.-]/g, '.');
    const jobId = `relay-${subscriber}-${track.shard}-${first}`;
    try {
      await this.queues[track.shard]?.add('look', track, { jobId, ...FORGET });
    } catch (error) {
      this.away(error);
    }
  }

  async waiting(): Promise<number> {
    const counts = await Promise.all(this.queues.map((queue) => queue.getWaitingCount()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Lets the tickets in hand be finished, for a while. */
  async close(): Promise<void> {
    const late = setTimeout(() => {
      for (const worker of this.workers) void worker.close(true).catch(() => {});
    }, CLOSE_MAX_MS);
    await Promise.allSettled(this.workers.map((worker) => worker.close()));
    clearTimeout(late);
    await Promise.allSettled(this.queues.map((queue) => queue.close()));
    await this.pool?.end();
    [this.queues, this.workers] = [[], []];
  }

  private onPostgres() {
    this.pool = new pg.Pool({
      connectionString: this.settings.databaseUrl,
      max: SESSIONS,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: 'upmoltwork queues',
      options: `-c search_path=${QUEUES_SCHEMA} -c synchronous_commit=off`,
    });
    // Also a session that BullMQ has taken out of the pool may die; unheard, its error would end the process.
    this.pool.on('connect', (session) => session.on('error', () => {}));
    this.pool.on('error', () => {});
    this.poolMetrics.watch('queues', this.pool);
    // The classes are typed for Redis alone; that the other backend is taken too is documented.
    const backend = createPostgresBackend as unknown as typeof createRedisBackend;
    return { backend, options: { connection: this.pool as never } };
  }

  private onRedis() {
    const connection = { url: this.settings.env.REDIS_URL!, maxRetriesPerRequest: null };
    const prefix = `${redisPrefix(this.settings)}queues`;
    return { backend: createRedisBackend, options: { connection: connection as never, prefix } };
  }

  private away(error: unknown): void {
    this.logger.debug({ msg: 'the queues are away; the sweep hands over meanwhile', error: String(error) });
  }
}

/** A ticket that was looked at says nothing any more; trouble is kept in `event_done`. */
const FORGET = { removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } };
