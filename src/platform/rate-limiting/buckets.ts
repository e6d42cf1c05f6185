import { type BucketPolicy, isUnlimited } from './bucket-policy.js';
import { BucketWindow } from './bucket-window.js';
import type { LeaseStore } from './lease-store.js';

/** Beyond it the older half is forgotten early: an attacker with that many addresses has no limit anyway. */
const WINDOWS_MAX = 100_000;
/** A store that failed is not asked for this long, or every request would wait for it. */
const STORE_REST_MS = 1_000;
const LEASE_TIMEOUT_MS = 500;
const HAND_UP_BATCH = 500;

export interface Verdict {
  readonly allowed: boolean;
  readonly policy: BucketPolicy;
  readonly remaining: number;
  readonly resetsInMs: number;
  /** Where a refund goes; for `refund` alone. */
  readonly window: BucketWindow;
}

export interface BucketOptions {
  now?: () => number;
  windowsMax?: number;
  onStoreTrouble?: (error: unknown) => void;
}

/**
 * All buckets of one policy. Each key has a fixed window from its first hit. A charge counts here, in memory,
 * against what this process may admit: the whole limit while it is alone, else what it has leased from the store.
 * Only an empty lease makes a caller wait.
 */
export class Buckets {
  // Two generations in place of a sweep: whatever was opened before the last change of generations has ended by
  // the next one, a window later, and goes with its map.
  private young = new Map<string, BucketWindow>();
  private old = new Map<string, BucketWindow>();
  private changedAt: number;
  private store: LeaseStore | null = null;
  private storeRestsUntil = Number.NEGATIVE_INFINITY;
  private storeFailed = false;
  private handingUp: Promise<void> | undefined;
  private readonly now: () => number;
  private readonly unlimited: Verdict;

  constructor(
    readonly policy: BucketPolicy,
    private readonly options: BucketOptions = {},
  ) {
    this.now = options.now ?? (() => performance.now());
    this.changedAt = this.now();
    const window = new BucketWindow(Number.POSITIVE_INFINITY);
    this.unlimited = { allowed: true, policy, remaining: policy.limit, resetsInMs: 0, window };
  }

  /** How many windows are held in memory, ended ones included. */
  get size(): number {
    return this.young.size + this.old.size;
  }

  /** Answers at once, without a promise, unless the store has to be asked. */
  charge(key: string): Verdict | Promise<Verdict> {
    if (isUnlimited(this.policy)) return this.unlimited;
    const now = this.now();
    const window = this.windowOf(key, now);
    return this.decide(window, now) ?? this.leaseThenDecide(key, window);
  }

  /** Gives a charge back, to the window it was taken from. */
  refund(verdict: Verdict): void {
    if (verdict.allowed && verdict.window.used > 0) verdict.window.used--;
  }

  /** Null: this process is alone. What was used so far stays used, either way. */
  shareThrough(store: LeaseStore | null): void {
    if (store === this.store) return;
    this.store = store;
    this.storeRestsUntil = Number.NEGATIVE_INFINITY;
    if (store) this.handUp(store);
  }

  private decide(window: BucketWindow, now: number): Verdict | undefined {
    if (window.used < window.granted) {
      window.used++;
      return this.verdict(true, window, now);
    }
    if (window.isDry) return this.verdict(false, window, now);
    if (this.store && now >= this.storeRestsUntil) return undefined;
    window.grantLocally(this.policy.limit);
    return this.decide(window, now);
  }

  private verdict(allowed: boolean, window: BucketWindow, now: number): Verdict {
    const left = allowed ? this.policy.limit - window.elsewhere - window.used : 0;
    return {
      allowed,
      policy: this.policy,
      remaining: left > 0 ? left : 0,
      resetsInMs: window.endsAt - now,
      window,
    };
  }

  private windowOf(key: string, now: number): BucketWindow {
    const window = this.young.get(key) ?? this.old.get(key);
    return window !== undefined && now < window.endsAt ? window : this.open(key, now);
  }

  private open(key: string, now: number): BucketWindow {
    const isFull = this.young.size >= (this.options.windowsMax ?? WINDOWS_MAX) / 2;
    const sinceChangeMs = now - this.changedAt;
    if (isFull || sinceChangeMs >= this.policy.windowMs) {
      // After a long silence the younger generation has ended too.
      this.old = sinceChangeMs >= 2 * this.policy.windowMs ? new Map<string, BucketWindow>() : this.young;
      this.young = new Map();
      this.changedAt = now;
    }
    const window = new BucketWindow(now + this.policy.windowMs);
    this.young.set(key, window);
    return window;
  }

  private async leaseThenDecide(key: string, asked: BucketWindow): Promise<Verdict> {
    let window = asked;
    for (;;) {
      // One question per bucket at a time; later callers wait for the same answer.
      await (window.leasing ??= this.lease(key, window));
      const now = this.now();
      window = this.windowOf(key, now);
      const verdict = this.decide(window, now);
      if (verdict) return verdict;
    }
  }

  private async lease(key: string, window: BucketWindow): Promise<void> {
    await this.handingUp;
    if (this.store) await this.ask(this.store, [[key, window]], this.policy.leaseSize);
    window.leasing = undefined;
    if (this.storeFailed && this.store && this.now() >= this.storeRestsUntil) this.handUp(this.store);
  }

  /** Tells the store what was admitted without it, and lets nothing more pass until it knows. */
  private handUp(store: LeaseStore): void {
    this.storeFailed = false;
    const now = this.now();
    const windows: [string, BucketWindow][] = [];
    for (const [key, window] of [...this.old, ...this.young]) {
      if (now < window.endsAt && window.returnLocalGrant()) windows.push([key, window]);
    }
    if (windows.length === 0) return;
    const told = (this.handingUp ?? Promise.resolve()).then(() => this.tell(store, windows));
    this.handingUp = told;
    void told.then(() => {
      if (this.handingUp === told) this.handingUp = undefined;
    });
  }

  private async tell(store: LeaseStore, windows: readonly [string, BucketWindow][]): Promise<void> {
    for (let start = 0; start < windows.length; start += HAND_UP_BATCH) {
      await this.ask(store, windows.slice(start, start + HAND_UP_BATCH), 0);
    }
  }

  /** Never fails: where the store does, this process admits by itself for a while, as if it were alone. */
  private async ask(
    store: LeaseStore,
    windows: readonly [string, BucketWindow][],
    want: number,
  ): Promise<void> {
    const { limit, name } = this.policy;
    const askedAt = this.now();
    const requests = windows.map(([key, { endsAt, unreported: carried }]) => {
      return { key: `${name}:${key}`, carried, windowMs: Math.max(1, endsAt - askedAt) };
    });
    try {
      const leases = await within(LEASE_TIMEOUT_MS, store.lease({ limit, want }, requests));
      for (const [index, [, window]] of windows.entries()) {
        const lease = leases[index];
        const request = requests[index];
        if (lease && request) window.accept(lease, { limit, want }, request.carried, askedAt);
      }
    } catch (error) {
      this.storeRestsUntil = this.now() + STORE_REST_MS;
      this.storeFailed = true;
      this.options.onStoreTrouble?.(error);
    }
  }
}

async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No lease within ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
