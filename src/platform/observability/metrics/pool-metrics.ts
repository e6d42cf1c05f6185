import { Injectable } from '@nestjs/common';
import { Metrics } from './metrics.js';

/** What `pg.Pool` tells of itself. */
export interface WatchedPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** The database pools of this process. Code that opens a pool registers it here. */
@Injectable()
export class PoolMetrics {
  private readonly pools = new Map<string, WatchedPool>();

  constructor(metrics: Metrics) {
    metrics.gauge('pg_pool_connections', 'Open connections.', () => this.read((p) => p.totalCount), ['pool']);
    metrics.gauge('pg_pool_idle', 'Open connections that nobody uses.', () => this.read((p) => p.idleCount), [
      'pool',
    ]);
    metrics.gauge(
      'pg_pool_waiting',
      'Callers that wait for a connection.',
      () => this.read((p) => p.waitingCount),
      ['pool'],
    );
  }

  watch(name: string, pool: WatchedPool): void {
    this.pools.set(name, pool);
  }

  private read(count: (pool: WatchedPool) => number) {
    return [...this.pools].map(([name, pool]) => ({ labels: { pool: name }, value: count(pool) }));
  }
}
