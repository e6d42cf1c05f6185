/**
 * Reads that arrive together share a query: those that come while one is in flight form the next. Nothing is
 * cached (a read only ever joins a query that has not been sent), and under load the cost of a query is divided
 * by the number of those who wait for it.
 */
export class Gather<Value> {
  private waiting = new Map<string, Waiter<Value>[]>();
  private inFlight = 0;
  private scheduled = false;

  constructor(
    private readonly load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
    private readonly lanes = 2,
    private readonly keysMax = 500,
  ) {}

  get(key: string): Promise<Value | undefined> {
    return new Promise((resolve, reject) => {
      const waiters = this.waiting.get(key);
      if (waiters) waiters.push({ resolve, reject });
      else this.waiting.set(key, [{ resolve, reject }]);
      this.schedule();
    });
  }

  /** At the end of the poll phase, so that everything that is already readable joins. */
  private schedule(): void {
    if (this.scheduled || this.inFlight >= this.lanes || this.waiting.size === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.send(this.take());
    });
  }

  private take(): Map<string, Waiter<Value>[]> {
    const batch = this.waiting;
    this.waiting = new Map();
    if (batch.size <= this.keysMax) return batch;
    const now = new Map([...batch].slice(0, this.keysMax));
    this.waiting = new Map([...batch].slice(this.keysMax));
    return now;
  }

  private async send(batch: Map<string, Waiter<Value>[]>): Promise<void> {
    this.inFlight++;
    this.schedule();
    try {
      const found = await this.load([...batch.keys()]);
      for (const [key, waiters] of batch) for (const waiter of waiters) waiter.resolve(found.get(key));
    } catch (error) {
      for (const waiters of batch.values()) for (const waiter of waiters) waiter.reject(error);
    } finally {
      this.inFlight--;
      this.schedule();
    }
  }
}

interface Waiter<Value> {
  resolve(value: Value | undefined): void;
  reject(error: unknown): void;
}
