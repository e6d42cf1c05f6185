/**
 * "Something changed, look": hints between the replicas of one system. They are never the news itself: one that is
 * lost costs the wait for the next poll, nothing else.
 */
export abstract class Wakeups {
  /**
   * Tells every replica, this one included (locally at once). Coalesced: at most one message per channel in 20 ms,
   * the payloads of one window merged into a set. Never inside a transaction that changes state, because PostgreSQL
   * serialises the commits of notifying transactions.
   */
  abstract wake(channel: string, payload?: string): void;

  /** Hears `wake()` of every replica, and what transactions send with `pg_notify('umw_<channel>', payload)`. */
  abstract on(channel: string, listener: WakeListener): () => void;

  /** False while something said elsewhere could be missed: caches that rely on hearing it must not be trusted then. */
  abstract readonly connected: boolean;

  /** Called when `connected` becomes true again, before anybody can read it: the moment to drop such caches. */
  abstract onReconnected(listener: () => void): () => void;

  abstract start(): Promise<void>;
  /** Sends what is still waiting, then leaves. */
  abstract stop(): Promise<void>;
}

export type WakeListener = (payload: string) => void;
