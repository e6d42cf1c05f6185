import type { Redis } from 'ioredis';
import type { Lease, LeaseRequest, LeaseStore, LeaseTerms } from './lease-store.js';

/** Leases from Redis, which forgets ended windows by itself. */
export class RedisLeases implements LeaseStore {
  /** The prefix keeps systems apart that share a Redis: `umw:<database name>:`. */
  constructor(
    private readonly redis: Redis,
    private readonly keyPrefix: string,
  ) {}

  async lease(terms: LeaseTerms, requests: readonly LeaseRequest[]): Promise<Lease[]> {
    // A question that waits for Redis to come back would be answered long after its window.
    if (this.redis.status !== 'ready') throw new Error('Redis is not connected.');
    const pipeline = this.redis.pipeline();
    for (const { key, carried, windowMs } of requests) {
      const key1 = `${this.keyPrefix}rate:${key}`;
      pipeline.eval(LEASE, 1, key1, terms.limit, terms.want, carried, Math.ceil(windowMs));
    }
    const answers = (await pipeline.exec()) ?? [];
    return requests.map((_request, index) => leaseOf(answers[index]));
  }

  close(): void {
    this.redis.disconnect();
  }
}

const LEASE = `
  local limit, want, carried = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
  local ends_in = redis.call('PTTL', KEYS[1])
  local used = tonumber(redis.call('GET', KEYS[1]) or '0')
  if ends_in <= 0 then
    used = 0
    ends_in = tonumber(ARGV[4])
  end
  used = math.min(used + carried, limit)
  local granted = math.min(want, limit - used)
  redis.call('SET', KEYS[1], used + granted, 'PX', ends_in)
  return { granted, used + granted, ends_in }`;

function leaseOf(answer: [Error | null, unknown] | undefined): Lease {
  const [error, value] = answer ?? [new Error('A lease was asked for and not answered.'), undefined];
  if (error) throw error;
  const [granted, used, endsInMs] = value as [number, number, number];
  return { granted, used, endsInMs };
}
