import { Injectable } from '@nestjs/common';
import { HealthCheck, type HealthFacts, type HealthPart } from '../observe/health.registry.js';
import { PoolMetrics } from '../observe/pool-metrics.js';
import { Database } from './database.js';
import { Replicas } from './replicas.js';
import { Wakeups } from './wakeups.js';

/** Shows how busy the application's connections are. */
@Injectable()
export class PoolWatch {
  constructor(metrics: PoolMetrics, database: Database) {
    metrics.watch('app', database.pool);
    metrics.watch('search', database.searches.primary);
    if (database.replica) metrics.watch('replica', database.replica);
    if (database.searches.replica) metrics.watch('search-replica', database.searches.replica);
  }
}

/** Without it nothing is lost, but everything that waits for a word from elsewhere waits for its poll. */
@Injectable()
@HealthCheck('wakeups')
export class WakeupsHealth implements HealthPart {
  constructor(
    private readonly wakeups: Wakeups,
    private readonly replicas: Replicas,
  ) {}

  check(): HealthFacts {
    if (!this.wakeups.connected) throw new Error('The listening connection is down.');
    return { replicas: this.replicas.count };
  }
}
