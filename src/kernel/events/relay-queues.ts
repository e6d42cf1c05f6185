import { Injectable, Logger } from '@nestjs/common';
import { createPostgresBackend, createRedisBackend, Queue, Worker } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Settings } from '../../config/settings.js';
import { QUEUES_SCHEMA } from '../../database/queues-schema.js';
import { redisPrefix } from '../db/wakeups.provider.js';
import { PoolMetrics } from '../observe/pool-metrics.js';
import { SHARDS, type Track } from './shards.js';

/** A session for each worker's LISTEN, and as many for all that is asked meanwhile. */
const SESSIONS = 2 * SHARDS;
/** Tickets that a worker has in hand at a time: a subscriber that hangs takes one place, and the sweep finds who gets none. */
const IN_HAND_MAX = 3;
/** Who dies with a ticket in hand is found out after so long; the sweep does not wait for it. */
const TICKET_LOCK_MS = 30_000;
const CLOSE_MAX_MS = 3_000;
const AGAIN_AFTER_MS = 1_000;

/**
 * The way to a worker, on whichever replica: a BullMQ queue per shard, on PostgreSQL, or on Redis where there is
 * one. What travels is a ticket ("look at this track"), not the events: a ticket that is lost, doubled or late
 * costs time and nothing else, so its commits need not wait for the disk.
 */
@Injectable()
export class RelayQueues {
  private readonly logger = new Logger('RelayQueues');
  private readonly queues = new Set<Queue<Track>>();
  private readonly workers = new Set<Worker<Track>>();
  /** The queue of each shard, as soon as it takes tickets. */
  private lines: Promise<Queue<Track> | undefined>[] = [];
  private readonly closing = new AbortController();
  private pool: pg.Pool | undefined;
  private readonly sessions = new Set<pg.PoolClient>();

  constructor(
    private readonly settings: Settings,
    private readonly poolMetrics: PoolMetrics,
  ) {}

  /** Subscribers that hang take the workers' places; who finds none is found by the sweep. */
  open(work: (track: Track) => Promise<void>): void {
    const place = this.settings.env.REDIS_URL ? this.onRedis() : this.onPostgres();
    this.lines = Array.from({ length: SHARDS }, (_, shard) => this.start(`relay-${shard}`, work, place));
  }

  /**
   * BullMQ remembers for good that its first look at the database failed, and a worker that runs then asks again and
   * again without a turn of the event loop. So only what is ready runs, and what is not is made anew.
   */
  private async start(
    name: string,
    work: (track: Track) => Promise<void>,
    { backend, options }: Place,
  ): Promise<Queue<Track> | undefined> {
    while (!this.closing.signal.aborted) {
      const queue = new Queue<Track>(name, options, backend);
      const worker = new Worker<Track>(
        name,
        ({ data }) => work(data),
        {
          ...options,
          autorun: false,
          concurrency: IN_HAND_MAX,
          lockDuration: TICKET_LOCK_MS,
          ...FORGET,
        },
        backend,
      );
      queue.on('error', (error) => this.away(error));
      worker.on('error', (error) => this.away(error));
      this.queues.add(queue);
      this.workers.add(worker);
      try {
        await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
        if (!this.closing.signal.aborted) worker.run().catch((error: unknown) => this.away(error));
        return queue;
      } catch (error) {
        this.away(error);
        this.queues.delete(queue);
        this.workers.delete(worker);
        await Promise.allSettled([worker.close(true), queue.close()]);
        this.hearErrors();
        await sleep(AGAIN_AFTER_MS, undefined, { ref: false, signal: this.closing.signal }).catch(() => {});
      }
    }
    return undefined;
  }

  /** One ticket per track and first position, however often it is offered. */
  async offer(track: Track, first: number): Promise<void> {
    const subscriber = track.subscriber.replaceAll(/[^\w.-]/g, '.');
    const jobId = `relay-${subscriber}-${track.shard}-${first}`;
    try {
      const queue = await this.lines[track.shard];
      await queue?.add('look', track, { jobId, ...FORGET });
    } catch (error) {
      this.away(error);
    }
  }

  async waiting(): Promise<number> {
    const counts = await Promise.all([...this.queues].map((queue) => queue.getWaitingCount()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Lets the tickets in hand be finished, for a while. */
  async close(): Promise<void> {
    this.closing.abort();
    await inTime(this.end());
    // A session that is still out is nobody's who would give it back.
    for (const session of this.sessions) void session.end().catch(() => {});
  }

  /** What is starting ends first: closed before it is ready, it would take a session that nobody gives back. */
  private async end(): Promise<void> {
    await Promise.all(this.lines);
    await Promise.allSettled([...this.workers].map((worker) => worker.close()));
    await Promise.allSettled([...this.queues].map((queue) => queue.close()));
    await this.pool?.end();
  }

  private onPostgres(): Place {
    this.pool = new pg.Pool({
      connectionString: this.settings.databaseUrl,
      max: SESSIONS,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: 'upmoltwork queues',
      options: `-c search_path=${QUEUES_SCHEMA} -c synchronous_commit=off`,
    });
    this.pool.on('connect', (session) => {
      this.sessions.add(session);
      // Also a session that BullMQ has taken out of the pool may die; unheard, its error would end the process.
      session.on('error', () => {}).on('end', () => this.sessions.delete(session));
    });
    this.hearErrors();
    this.poolMetrics.watch('queues', this.pool);
    // The classes are typed for Redis alone; that the other backend is taken too is documented.
    const backend = createPostgresBackend as unknown as typeof createRedisBackend;
    return { backend, options: { connection: this.pool as never } };
  }

  /** Unheard, an error would end the process. What is given up leaves its own listeners behind. */
  private hearErrors(): void {
    this.pool?.removeAllListeners('error').on('error', () => {});
  }

  private onRedis(): Place {
    const connection = { url: this.settings.env.REDIS_URL!, maxRetriesPerRequest: null };
    const prefix = `${redisPrefix(this.settings)}queues`;
    return { backend: createRedisBackend, options: { connection: connection as never, prefix } };
  }

  private away(error: unknown): void {
    this.logger.debug({ msg: 'the queues are away; the sweep hands over meanwhile', error: String(error) });
  }
}

/** A ticket that is not finished by then comes again. */
function inTime(end: Promise<void>): Promise<void> {
  const late = new AbortController();
  return Promise.race([end, sleep(CLOSE_MAX_MS, undefined, { signal: late.signal })]).finally(() =>
    late.abort(),
  );
}

/** Where the queues lie. */
interface Place {
  backend: typeof createRedisBackend;
  options: { connection: never; prefix?: string };
}

/** A ticket that was looked at says nothing any more; trouble is kept in `event_done`. */
const FORGET = { removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } };
