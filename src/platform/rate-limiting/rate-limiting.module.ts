import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { Settings } from '#config/settings';
import { Replicas, redisPrefix } from '#platform/messaging';
import { bucketPolicies } from './bucket-policy.js';
import { UnroutedLimits } from './limit-unrouted.js';
import { LimiterSharing } from './limiter-sharing.js';
import { LimiterGuard } from './limiter.guard.js';
import { PostgresLeases } from './postgres-leases.js';
import { RateLimiter } from './rate-limiter.js';
import { RedisLeases } from './redis-leases.js';
import { RequestLimits } from './request-limits.js';

/** The connection that leases are asked over, where there is a Redis; it would keep a stopped process running. */
class LeaseRedis implements OnApplicationShutdown {
  readonly client: Redis | undefined;

  constructor(url: string | undefined) {
    this.client = url ? new Redis(url) : undefined;
    // The limiter says itself when it must do without; unheard, the client would write to the console.
    this.client?.on('error', () => undefined);
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }
}

/** The limiter, and through what the replicas share it. */
@Module({
  providers: [
    {
      provide: RateLimiter,
      useFactory: (settings: Settings) => new RateLimiter(bucketPolicies(settings.env.RATE_LIMIT_FACTOR)),
      inject: [Settings],
    },
    {
      provide: LeaseRedis,
      useFactory: ({ env }: Settings) => new LeaseRedis(env.REDIS_URL),
      inject: [Settings],
    },
    {
      provide: LimiterSharing,
      useFactory: sharingFor,
      inject: [RateLimiter, Replicas, DataSource, Settings, LeaseRedis],
    },
    RequestLimits,
    LimiterGuard,
    UnroutedLimits,
  ],
  exports: [RateLimiter, RequestLimits, LimiterGuard],
})
export class LimiterModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly sharing: LimiterSharing) {}

  onModuleInit(): void {
    this.sharing.start();
  }

  onApplicationShutdown(): void {
    this.sharing.stop();
  }
}

function sharingFor(
  limiter: RateLimiter,
  replicas: Replicas,
  table: DataSource,
  settings: Settings,
  { client }: LeaseRedis,
): LimiterSharing {
  return new LimiterSharing(limiter, replicas, {
    table: new PostgresLeases(table),
    ...(client && { redis: new RedisLeases(client, redisPrefix(settings)) }),
  });
}
