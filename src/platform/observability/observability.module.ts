import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HealthController } from './health/health.controller.js';
import { HealthRegistry } from './health/health.registry.js';
import { HttpMetrics } from './metrics/http-metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { Metrics } from './metrics/metrics.js';
import { PoolMetrics } from './metrics/pool-metrics.js';

/** Global, because every module may have something to count and something to be asked. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [HealthController, MetricsController],
  providers: [Metrics, HttpMetrics, PoolMetrics, HealthRegistry],
  exports: [Metrics, HttpMetrics, PoolMetrics, HealthRegistry],
})
export class ObserveModule {}
