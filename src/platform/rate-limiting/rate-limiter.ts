import { Logger } from '@nestjs/common';
import type { BucketPolicies, PolicyName } from './bucket-policy.js';
import { type BucketOptions, Buckets, type Verdict } from './buckets.js';
import type { LeaseStore } from './lease-store.js';

/** The limits of every way in: REST, A2A and MCP charge the same buckets. */
export class RateLimiter {
  private readonly buckets: ReadonlyMap<PolicyName, Buckets>;
  private readonly logger = new Logger('RateLimiter');

  constructor(policies: BucketPolicies, options: BucketOptions = {}) {
    const onStoreTrouble = (error: unknown): void =>
      this.logger.warn({ msg: 'limits count in memory for now', error: String(error) });
    this.buckets = new Map(
      Object.values(policies).map((policy) => [
        policy.name,
        new Buckets(policy, { onStoreTrouble, ...options }),
      ]),
    );
  }

  /** Answers at once where this process has room; a promise only where the shared store must be asked. */
  charge(policy: PolicyName, key: string): Verdict | Promise<Verdict> {
    return this.of(policy).charge(key);
  }

  refund(verdict: Verdict): void {
    this.of(verdict.policy.name).refund(verdict);
  }

  /** Counts together with the other replicas from now on, or alone where there is no store. */
  shareThrough(store: LeaseStore | null): void {
    for (const buckets of this.buckets.values()) buckets.shareThrough(store);
  }

  private of(policy: PolicyName): Buckets {
    return this.buckets.get(policy) as Buckets;
  }
}
