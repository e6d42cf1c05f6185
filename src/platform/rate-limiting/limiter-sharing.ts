import { Logger } from '@nestjs/common';
import type { Replicas } from '#platform/messaging';
import type { LeaseStore } from './lease-store.js';
import type { RateLimiter } from './rate-limiter.js';

const SWEEP_EVERY_MS = 60_000;

export interface LeaseStores {
  table: LeaseStore;
  /** Where it is configured, it is used from the start: other replicas may come at any moment. */
  redis?: LeaseStore;
}

/** Decides through what the replicas share their limits: Redis, else memory while alone, else the table. */
export class LimiterSharing {
  private sweeping: NodeJS.Timeout | undefined;
  private unfollow: (() => void) | undefined;
  private readonly logger = new Logger('LimiterSharing');

  constructor(
    private readonly limiter: RateLimiter,
    private readonly replicas: Pick<Replicas, 'others' | 'onChange'>,
    private readonly stores: LeaseStores,
  ) {}

  /** After `replicas` has started, and before the first request. */
  start(): void {
    if (this.stores.redis) return this.limiter.shareThrough(this.stores.redis);
    this.unfollow = this.replicas.onChange(() => this.follow());
    this.follow();
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.sweeping);
    this.unfollow?.();
    this.stores.redis?.close?.();
  }

  private follow(): void {
    this.limiter.shareThrough(this.replicas.others ? this.stores.table : null);
  }

  private async sweep(): Promise<void> {
    try {
      await this.stores.table.sweep?.();
    } catch (error) {
      this.logger.debug({ msg: 'old leases not swept', error: String(error) });
    }
  }
}
