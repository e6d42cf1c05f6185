/** One who waits for a key: `next` settles at a release, when the time is over, or when the caller hangs up. */
export interface Watch {
  next(ms: number, hungUp?: AbortSignal): Promise<void>;
  stop(): void;
}

/** Those who wait in this process, by what they wait for. */
export class Waiters {
  private readonly waiting = new Map<string, Set<() => void>>();
  private leaving = false;

  get size(): number {
    return this.waiting.size;
  }

  /** Watches at once, so that a release between reading and waiting is not missed. */
  watch(key: string): Watch {
    let released = false;
    let wake = (): void => {};
    const listener = (): void => {
      released = true;
      wake();
    };
    this.add(key, listener);
    return {
      next: async (ms, hungUp) => {
        if (!released && !hungUp?.aborted && !this.leaving)
          await sleep(ms, hungUp, (resume) => (wake = resume));
        released = false;
      },
      stop: () => this.remove(key, listener),
    };
  }

  release(key: string): void {
    for (const wake of [...(this.waiting.get(key) ?? [])]) wake();
  }

  releaseAll(): void {
    for (const key of [...this.waiting.keys()]) this.release(key);
  }

  /** Whoever waits, now or later, is to answer with what there is. */
  end(): void {
    this.leaving = true;
    this.releaseAll();
  }

  get ended(): boolean {
    return this.leaving;
  }

  private add(key: string, listener: () => void): void {
    const listeners = this.waiting.get(key) ?? new Set();
    listeners.add(listener);
    this.waiting.set(key, listeners);
  }

  private remove(key: string, listener: () => void): void {
    const listeners = this.waiting.get(key);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.waiting.delete(key);
  }
}

function sleep(
  ms: number,
  hungUp: AbortSignal | undefined,
  arm: (resume: () => void) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const resume = (): void => {
      clearTimeout(timer);
      hungUp?.removeEventListener('abort', resume);
      resolve();
    };
    const timer = setTimeout(resume, ms);
    hungUp?.addEventListener('abort', resume, { once: true });
    arm(resume);
  });
}
