import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HealthController } from './health.controller.js';
import { HealthRegistry } from './health.registry.js';
import { HttpMetrics } from './http-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';
import { PoolMetrics } from './pool-metrics.js';

/** Global, because every module may have something to count and something to be asked. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [HealthController, MetricsController],
  providers: [Metrics, HttpMetrics, PoolMetrics, HealthRegistry],
  exports: [Metrics, HttpMetrics, PoolMetrics, HealthRegistry],
})
export class ObserveModule {}
