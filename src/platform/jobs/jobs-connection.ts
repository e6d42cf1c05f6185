import { Injectable } from '@nestjs/common';
import type { BullRootModuleOptions } from '@nestjs/bullmq';
import { Settings } from '#config/settings';
import { redisPrefix } from '#platform/messaging';
import { PoolMetrics } from '#platform/observability';
import { JobsPool } from './jobs-pool.js';

/** BullMQ's own pause grows to 20 seconds. */
const RECONNECT_AFTER_MS = 1_000;

/** Where the queues lie: in Redis where it is configured, else in the schema `bullmq` of PostgreSQL. */
@Injectable()
export class JobsConnection {
  private pool: JobsPool | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly metrics: PoolMetrics,
  ) {}

  options(): BullRootModuleOptions {
    const { REDIS_URL, ROLE } = this.settings.env;
    const place = REDIS_URL ? this.inRedis(REDIS_URL) : this.inPostgres();
    // A process that only answers requests has nothing to tell of the queue before it uses it.
    return { ...place, skipMetasUpdate: ROLE === 'api', streams: { events: { maxLen: 100 } } };
  }

  /** When all queues and workers are closed. */
  end(): void {
    this.pool?.endNow();
  }

  private inPostgres(): BullRootModuleOptions {
    this.pool ??= new JobsPool(this.settings.databaseUrl);
    this.metrics.watch('queues', this.pool);
    return { connection: this.pool };
  }

  private inRedis(url: string): BullRootModuleOptions {
    const connection = { url, maxRetriesPerRequest: null, retryStrategy: () => RECONNECT_AFTER_MS };
    return { connection, prefix: `${redisPrefix(this.settings)}queues` };
  }
}
