import { clientOf } from '#platform/http';
import { bucketPolicies, type PolicyName } from './bucket-policy.js';
import { Buckets, type Verdict } from './buckets.js';
import type { Lease, LeaseRequest, LeaseStore, LeaseTerms } from './lease-store.js';

const policies = bucketPolicies(1);
const WINDOW_MS = policies.ip.windowMs;

describe('policies', () => {
  it.each<[PolicyName, string, number, number]>([
    ['agent-unverified', 'agent', 60, 60_000],
    ['agent-verified', 'agent', 600, 60_000],
    ['ip', 'ip', 120, 60_000],
    ['registration', 'registration', 60, 3_600_000],
    ['verification', 'verification', 240, 3_600_000],
    ['operator', 'operator', 600, 60_000],
  ])('%s', (name, title, limit, windowMs) => {
    expect(policies[name]).toEqual({ name, title, limit, windowMs, leaseSize: limit / 10 });
  });

  it('a factor multiplies every limit, never to nothing; 0 switches off', () => {
    expect(bucketPolicies(0.5).ip.limit).toBe(60);
    expect(bucketPolicies(0.001).ip.limit).toBe(1);
    const off = new Buckets(bucketPolicies(0).ip);
    for (let i = 0; i < 1_000; i++) expect(off.charge('a')).toMatchObject({ allowed: true });
    expect(off.size).toBe(0);
  });
});

it.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::ffff:cb00:7109', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::ffff', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [undefined, 'unknown'],
])('%s counts to %s', (ip, client) => expect(clientOf(ip)).toBe(client));

describe('alone', () => {
  let now = 0;
  let buckets: Buckets;
  beforeEach(() => {
    now = 1_000;
    buckets = new Buckets(policies.ip, { now: () => now, windowsMax: 10 });
  });
  const charge = (key = 'a'): Verdict => buckets.charge(key) as Verdict;
  const use = (count: number, key = 'a'): boolean[] =>
    Array.from({ length: count }, () => charge(key).allowed);

  it('answers without a promise, and counts down', () => {
    expect(charge()).toMatchObject({
      allowed: true,
      remaining: 119,
      resetsInMs: WINDOW_MS,
      policy: policies.ip,
    });
    now += 15_000;
    expect(charge()).toMatchObject({ allowed: true, remaining: 118, resetsInMs: 45_000 });
  });

  it('admits the limit and not one more, until the window of the first hit ends', () => {
    expect(use(120).every(Boolean)).toBe(true);
    now += WINDOW_MS - 1;
    expect(charge()).toMatchObject({ allowed: false, remaining: 0, resetsInMs: 1 });
    now += 1;
    expect(charge()).toMatchObject({ allowed: true, remaining: 119, resetsInMs: WINDOW_MS });
  });

  it('counts each key for itself', () => {
    use(120);
    expect(charge('b').allowed).toBe(true);
    expect(charge('a').allowed).toBe(false);
  });

  it('gives a charge back, to the window it came from, and none for a refusal', () => {
    use(119);
    const last = charge();
    buckets.refund(charge());
    expect(charge().allowed).toBe(false);
    buckets.refund(last);
    expect(use(2)).toEqual([true, false]);
    now += WINDOW_MS;
    use(1);
    buckets.refund(last);
    expect(charge().remaining).toBe(118);
  });

  it('forgets windows that have ended, and no window that runs', () => {
    use(120, 'early');
    now += WINDOW_MS / 2;
    use(120, 'late');
    now += WINDOW_MS / 2;
    use(1, 'next');
    expect(charge('late').allowed).toBe(false);
    now += WINDOW_MS;
    use(1, 'after');
    now += WINDOW_MS * 2;
    use(1, 'last');
    expect(buckets.size).toBe(1);
  });

  it('stays bounded however many come at once', () => {
    for (let i = 0; i < 1_000; i++) charge(`key ${i}`);
    expect(buckets.size).toBeLessThanOrEqual(10);
  });
});

describe('sharing', () => {
  let now = 0;
  let away = false;
  let store: MapStore;
  const replica = (): Buckets => new Buckets(policies.ip, { now: () => now });
  beforeEach(() => {
    now = 0;
    away = false;
    store = new MapStore();
  });

  it('asks for a tenth at a time, and answers at once while the lease has room', async () => {
    const a = replica();
    a.shareThrough(store);
    const first = a.charge('a');
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toMatchObject({ allowed: true, remaining: 119 });
    for (let i = 1; i < 12; i++) expect(a.charge('a')).toMatchObject({ allowed: true, remaining: 119 - i });
    expect(store.asked).toBe(1);
    expect(await a.charge('a')).toMatchObject({ allowed: true, remaining: 107 });
    expect(store.asked).toBe(2);
  });

  it('asks once for all who wait at the same bucket', async () => {
    const a = replica();
    a.shareThrough(store);
    const verdicts = await Promise.all(Array.from({ length: 12 }, async () => a.charge('a')));
    expect(verdicts.every(({ allowed }) => allowed)).toBe(true);
    expect(store.asked).toBe(1);
  });

  it('a dry bucket asks no more, and a refund makes room without asking', async () => {
    const [a, b] = [replica(), replica()];
    a.shareThrough(store);
    b.shareThrough(store);
    const mine: Verdict[] = [];
    for (let i = 0; i < 120; i++) mine.push(await a.charge('a'));
    expect(await b.charge('a')).toMatchObject({ allowed: false });
    const { asked } = store;
    expect(b.charge('a')).toMatchObject({ allowed: false });
    expect((await a.charge('a')).allowed).toBe(false);
    a.refund(mine[0] as Verdict);
    expect(a.charge('a')).toMatchObject({ allowed: true });
    expect(store.asked).toBe(asked + 1);
  });

  it('what was used alone counts once others come, and the other way round', async () => {
    const [a, b] = [replica(), replica()];
    for (let i = 0; i < 50; i++) void a.charge('a');
    a.shareThrough(store);
    b.shareThrough(store);
    // While the store is told, nobody passes: the answer waits for it.
    expect(await a.charge('a')).toMatchObject({ allowed: true, remaining: 69 });
    expect(store.used('ip:a')).toBe(62);
    expect(await b.charge('a')).toMatchObject({ allowed: true, remaining: 57 });
    expect(await a.charge('b')).toMatchObject({ allowed: true, remaining: 119 });

    a.shareThrough(null);
    // 51 of its own; of b it knows nothing yet, for it has not asked since.
    let admitted = 51;
    while ((a.charge('a') as Verdict).allowed) admitted++;
    expect(admitted).toBe(120);
  });

  it('alone again, leaves to the others what they had taken', async () => {
    const [a, b] = [replica(), replica()];
    a.shareThrough(store);
    b.shareThrough(store);
    await b.charge('a');
    await a.charge('a');
    a.shareThrough(null);
    let admitted = 1;
    while ((a.charge('a') as Verdict).allowed) admitted++;
    expect(admitted).toBe(120 - policies.ip.leaseSize);
  });

  it('a lease that arrives after the switch adds nothing to the whole limit', async () => {
    const a = replica();
    a.shareThrough(store);
    const late = a.charge('a');
    while (store.asked === 0) await Promise.resolve();
    a.shareThrough(null);
    let admitted = 0;
    while ((a.charge('a') as Verdict).allowed) admitted++;
    expect((await late).allowed).toBe(false);
    expect((await a.charge('a')).allowed).toBe(false);
    expect(admitted).toBe(120);
  });

  it('admits by itself while the store is away, at most the limit, and tells the store afterwards', async () => {
    const trouble: unknown[] = [];
    const a = new Buckets(policies.ip, { now: () => now, onStoreTrouble: (error) => trouble.push(error) });
    a.shareThrough(store);
    await a.charge('a');
    away = true;
    let admitted = 1;
    while (admitted < 40 && (await a.charge('a')).allowed) admitted++;
    expect(trouble).toHaveLength(1);
    const { asked } = store;
    expect(a.charge('b')).toMatchObject({ allowed: true });
    expect(store.asked).toBe(asked);

    away = false;
    now += 1_000;
    await a.charge('c');
    // It is told 40 and 1; a charge to each waits for that and then takes a lease.
    await a.charge('b');
    while (admitted < 500 && (await a.charge('a')).allowed) admitted++;
    expect(admitted).toBe(120);
    expect(store.used('ip:a')).toBe(120);
    expect(store.used('ip:b')).toBe(13);
  });

  /** Answers as a store does that never dies with its process; the real ones have specs of their own. */
  class MapStore implements LeaseStore {
    asked = 0;
    private readonly windows = new Map<string, { used: number; endsAt: number }>();

    used(key: string): number | undefined {
      return this.windows.get(key)?.used;
    }

    async lease({ limit, want }: LeaseTerms, requests: readonly LeaseRequest[]): Promise<Lease[]> {
      this.asked++;
      await Promise.resolve();
      if (away) throw new Error('away');
      return requests.map(({ key, carried, windowMs }) => {
        const held = this.windows.get(key);
        const window = held && held.endsAt > now ? held : { used: 0, endsAt: now + windowMs };
        const before = Math.min(limit, window.used + carried);
        const granted = Math.min(want, limit - before);
        this.windows.set(key, { ...window, used: before + granted });
        return { granted, used: before + granted, endsInMs: window.endsAt - now };
      });
    }
  }
});
