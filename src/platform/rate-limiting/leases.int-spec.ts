import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { ListeningConnection, PostgresWakeups, Replicas } from '#platform/messaging';
import { aDatabase, type TestDatabase } from '#test/support/database';
import { describeWithRedis, redisUrl } from '#test/support/redis';
import { until } from '#test/support/until';
import { bucketPolicies } from './bucket-policy.js';
import { Buckets } from './buckets.js';
import type { LeaseStore } from './lease-store.js';
import { LimiterSharing } from './limiter-sharing.js';
import { PostgresLeases } from './postgres-leases.js';
import { RateLimiter } from './rate-limiter.js';
import { RedisLeases } from './redis-leases.js';

const policies = bucketPolicies(1);
const REPLICAS = 4;

let scratch: TestDatabase;
let database: DataSource;

beforeAll(async () => {
  scratch = await aDatabase();
  database = new DataSource({ type: 'postgres', url: scratch.ownerUrl });
  await database.initialize();
});
afterAll(async () => {
  await database.destroy();
  await scratch.drop();
});

function behavesAsLeaseStore(make: () => LeaseStore): void {
  const terms = { limit: 100, want: 30 };
  const ask = async (key: string, carried = 0, windowMs = 60_000, want = terms.want) => {
    const [lease] = await make().lease({ ...terms, want }, [{ key, carried, windowMs }]);
    return lease;
  };

  it('grants what is wanted while it lasts, then what is left, then nothing', async () => {
    const key = randomUUID();
    expect(await ask(key)).toMatchObject({ granted: 30, used: 30 });
    expect(await ask(key)).toMatchObject({ granted: 30, used: 60 });
    expect(await ask(key)).toMatchObject({ granted: 30, used: 90 });
    expect(await ask(key)).toMatchObject({ granted: 10, used: 100 });
    expect(await ask(key)).toMatchObject({ granted: 0, used: 100 });
    expect(await ask(key)).toMatchObject({ granted: 0, used: 100 });
    expect(await ask(key, 5, 60_000, 0)).toMatchObject({ granted: 0, used: 100 });
  });

  it('counts what was taken without asking before it grants', async () => {
    const [fresh, held, over] = [randomUUID(), randomUUID(), randomUUID()];
    expect(await ask(fresh, 80)).toMatchObject({ granted: 20, used: 100 });
    await ask(held);
    expect(await ask(held, 45, 60_000, 0)).toMatchObject({ granted: 0, used: 75 });
    expect(await ask(held)).toMatchObject({ granted: 25, used: 100 });
    expect(await ask(over, 250)).toMatchObject({ granted: 0, used: 100 });
  });

  it('starts a window with the first lease and keeps its end', async () => {
    const key = randomUUID();
    const first = await ask(key, 0, 60_000);
    expect(first?.endsInMs).toBeGreaterThan(55_000);
    expect(first?.endsInMs).toBeLessThanOrEqual(60_000);
    const second = await ask(key, 0, 3_600_000);
    expect(second?.endsInMs).toBeLessThanOrEqual(60_000);
  });

  it('starts anew once the window has ended', async () => {
    const key = randomUUID();
    for (let i = 0; i < 4; i++) await ask(key, 0, 300);
    await until('the window ended', async () => (await ask(key, 0, 60_000))?.granted === 30);
    expect(await ask(key)).toMatchObject({ granted: 30, used: 60 });
  });

  it('answers many keys at once, in the order of the questions', async () => {
    const keys = Array.from({ length: 50 }, () => randomUUID());
    const leases = await make().lease(
      terms,
      keys.map((key, carried) => ({ key, carried, windowMs: 60_000 })),
    );
    expect(leases.map(({ used }) => used)).toEqual(keys.map((_key, carried) => carried + 30));
  });

  it('many that ask at once get the limit together, and not one more', async () => {
    const key = randomUUID();
    const leases = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(key, 0, 60_000, (i % 9) + 1)));
    expect(leases.reduce((sum, lease) => sum + (lease?.granted ?? 0), 0)).toBe(100);
  });

  it('four replicas never admit more than one limit, and hold back no more than their last leases', async () => {
    const key = randomUUID();
    const replicas = Array.from({ length: REPLICAS }, () => new RateLimiter(policies));
    for (const replica of replicas) replica.shareThrough(make());
    let admitted = 0;
    for (let round = 0; round < 10; round++) {
      const verdicts = await Promise.all(
        replicas.flatMap((replica, i) =>
          Array.from({ length: 25 + i }, async () => replica.charge('agent-verified', key)),
        ),
      );
      admitted += verdicts.filter(({ allowed }) => allowed).length;
      expect(admitted).toBeLessThanOrEqual(600);
    }
    expect(admitted).toBeGreaterThan(600 - REPLICAS * policies['agent-verified'].leaseSize);
    // Another key is untouched by all of this.
    expect(await replicas[0]?.charge('agent-verified', randomUUID())).toMatchObject({ remaining: 599 });
  });

  it('one replica may use the whole limit by itself, window after window', async () => {
    const buckets = new Buckets({ ...policies.ip, windowMs: 400 });
    buckets.shareThrough(make());
    const key = randomUUID();
    const useUp = async (): Promise<number> => {
      let admitted = 0;
      while ((await buckets.charge(key)).allowed) admitted++;
      return admitted;
    };
    expect(await useUp()).toBe(120);
    await until('the window ended', async () => (await buckets.charge(key)).allowed);
    expect(await useUp()).toBe(119);
  });
}

describe('leases from PostgreSQL', () => {
  behavesAsLeaseStore(() => new PostgresLeases(database));

  it('sweeps windows that have ended, and no other', async () => {
    const leases = new PostgresLeases(database);
    const [ended, running] = [randomUUID(), randomUUID()];
    await leases.lease({ limit: 9, want: 1 }, [
      { key: ended, carried: 0, windowMs: 1 },
      { key: running, carried: 0, windowMs: 60_000 },
    ]);
    await until('the ended one is swept', async () => {
      await leases.sweep();
      return (await database.query('select from rate_leases where key = $1', [ended])).length === 0;
    });
    expect(await database.query('select from rate_leases where key = $1', [running])).toHaveLength(1);
  });

  it('batches of the same keys in any order do not wait for each other in a circle', async () => {
    const keys = Array.from({ length: 40 }, () => randomUUID());
    const leases = new PostgresLeases(database);
    const questions = keys.map((key) => ({ key, carried: 1, windowMs: 60_000 }));
    const batches = Array.from({ length: 20 }, (_, i) => (i % 2 ? questions : questions.toReversed()));
    await Promise.all(batches.map((batch) => leases.lease({ limit: 100, want: 0 }, batch)));
    const [lease] = await leases.lease({ limit: 100, want: 0 }, questions.slice(0, 1));
    expect(lease).toMatchObject({ used: 21 });
  });

  it('a database that is gone costs nobody an answer', async () => {
    const gone = new DataSource({ type: 'postgres', url: scratch.ownerUrl });
    await gone.initialize();
    const limiter = new RateLimiter(policies);
    limiter.shareThrough(new PostgresLeases(gone));
    const key = randomUUID();
    await limiter.charge('ip', key);
    await gone.destroy();
    let admitted = 1;
    while ((await limiter.charge('ip', key)).allowed) admitted++;
    expect(admitted).toBe(120);
  });
});

describeWithRedis('leases from Redis', () => {
  let redis: Redis;
  beforeAll(() => (redis = new Redis(redisUrl)));
  beforeAll(() => until('Redis is connected', () => redis.status === 'ready'));
  afterAll(async () => {
    for (const key of await redis.keys(`umw:${scratch.name}:*`)) await redis.del(key);
    redis.disconnect();
  });

  behavesAsLeaseStore(() => new RedisLeases(redis, `umw:${scratch.name}:`));

  it('a Redis that is away costs nobody an answer', async () => {
    const away = new Redis('redis://127.0.0.1:1', { lazyConnect: true });
    const limiter = new RateLimiter(policies);
    limiter.shareThrough(new RedisLeases(away, 'umw:none:'));
    let admitted = 0;
    while ((await limiter.charge('ip', 'a')).allowed) admitted++;
    expect(admitted).toBe(120);
  });
});

describe('replicas that come and go', () => {
  const leaving: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const leave of leaving.splice(0).toReversed()) await leave();
  });

  it('count in memory while alone and in the table together, and forget nothing in between', async () => {
    const key = randomUUID();
    const first = await boot();
    for (let i = 0; i < 50; i++) expect(first.limiter.charge('ip', key)).toMatchObject({ allowed: true });
    expect(await tableUse(key)).toBeUndefined();

    const second = await boot();
    await until('the first one has told the table', async () => (await tableUse(key)) === 50);
    let together = 50;
    while ((await second.limiter.charge('ip', key)).allowed) together++;
    expect(together).toBe(120);
    expect((await first.limiter.charge('ip', key)).allowed).toBe(false);

    await second.stop();
    await until('the first one is alone', () => !first.replicas.others);
    expect(first.limiter.charge('ip', key)).toMatchObject({ allowed: false });
    expect(first.limiter.charge('ip', randomUUID())).toMatchObject({ allowed: true, remaining: 119 });
  });

  async function boot(): Promise<{ limiter: RateLimiter; replicas: Replicas; stop: () => Promise<void> }> {
    const connection = new ListeningConnection(scratch.ownerUrl);
    const wakeups = new PostgresWakeups(connection);
    await wakeups.start();
    const replicas = new Replicas(connection, wakeups);
    await replicas.start();
    const limiter = new RateLimiter(policies);
    const sharing = new LimiterSharing(limiter, replicas, { table: new PostgresLeases(database) });
    sharing.start();
    let stopped = false;
    const stop = async (): Promise<void> => {
      if (stopped) return;
      stopped = true;
      sharing.stop();
      await replicas.stop();
      await wakeups.stop();
    };
    leaving.push(stop);
    return { limiter, replicas, stop };
  }
});

async function tableUse(key: string): Promise<number | undefined> {
  const rows = await database.query<{ used: number }[]>('select used from rate_leases where key = $1', [
    `ip:${key}`,
  ]);
  return rows[0]?.used;
}
