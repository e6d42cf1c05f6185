import { trackKey, type Track } from './shards.js';

/** More at a time would only wait for each other's sessions, and requests for theirs. */
export const HANDS = 6;
/** Hands that are all full for longer belong to subscribers that hang. */
const PATIENCE_MS = 2_000;

/** What a process looks at by itself: so many tracks at a time, in turn. What waits for too long is left to others. */
export class Hands {
  private readonly waiting = new Map<string, Waiting>();
  private readonly busy = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly look: (track: Track) => Promise<void>,
    private readonly leave: (track: Track, first: number) => void,
  ) {}

  take(track: Track, first: number): void {
    const key = trackKey(track);
    if (this.stopped || this.waiting.has(key)) return;
    this.waiting.set(key, { track, first, since: performance.now() });
    this.next();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.waiting.clear();
    await Promise.all(this.busy);
  }

  private next(): void {
    for (const [key, { track }] of this.waiting) {
      if (this.busy.size === HANDS) return this.bePatient();
      this.waiting.delete(key);
      const look = this.look(track).finally(() => {
        this.busy.delete(look);
        this.next();
      });
      this.busy.add(look);
    }
  }

  private bePatient(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const late = performance.now() - PATIENCE_MS;
      for (const [key, { track, first, since }] of this.waiting) {
        if (since > late) break;
        this.waiting.delete(key);
        this.leave(track, first);
      }
      if (this.waiting.size > 0) this.bePatient();
    }, PATIENCE_MS).unref();
  }
}

interface Waiting {
  track: Track;
  first: number;
  since: number;
}
