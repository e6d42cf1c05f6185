import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Settings } from '#config/settings';
import { ListeningConnection } from './listening-connection.js';
import { PostgresWakeups } from './postgres-wakeups.js';
import { RedisWakeups } from './redis-wakeups.js';
import { Replicas } from './replicas.js';
import { Wakeups } from './wakeups.js';

/** Through Redis where it is configured; PostgreSQL is listened to in any case, for what transactions announce. */
export function wakeupsFor(connection: ListeningConnection, settings: Settings): Wakeups {
  const postgres = new PostgresWakeups(connection);
  const redisUrl = settings.env.REDIS_URL;
  return redisUrl ? new RedisWakeups(postgres, redisUrl, redisPrefix(settings)) : postgres;
}

/** Several installations may share a Redis. */
export const redisPrefix = (settings: Settings): string =>
  `umw:${new URL(settings.databaseUrl).pathname.slice(1)}:`;

/** Starts listening before anything depends on hearing, and leaves last. */
@Injectable()
export class WakeupsLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly wakeups: Wakeups,
    private readonly replicas: Replicas,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.wakeups.start();
    await this.replicas.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.replicas.stop();
    await this.wakeups.stop();
  }
}
