import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import { PoolMetrics } from './pool-metrics.js';

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
