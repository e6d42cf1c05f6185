import { trackKey, type Track } from './shards.js';

/** A ticket costs commits of its own; under load one ticket speaks for all that came meanwhile, and for ever more. */
const PAUSE_MS = { first: 30, longest: 250 };

/** Offers the first ticket of a track at once, and others after pauses that grow while there is something to offer. */
export class Tickets {
  private readonly pending = new Map<string, Pending>();
  private readonly later = new Set<NodeJS.Timeout>();

  constructor(private readonly send: (track: Track, first: number) => void) {}

  offer(track: Track, first: number): void {
    const key = trackKey(track);
    const pending = this.pending.get(key);
    if (pending) {
      pending.first = Math.min(pending.first ?? first, first);
      return;
    }
    this.send(track, first);
    this.pause(key, track, PAUSE_MS.first);
  }

  /** After a failure. The number only tells this ticket from others. */
  offerLater(track: Track, afterMs: number): void {
    const timer = setTimeout(() => {
      this.later.delete(timer);
      this.offer(track, Date.now());
    }, afterMs).unref();
    this.later.add(timer);
  }

  stop(): void {
    for (const { timer } of this.pending.values()) clearTimeout(timer);
    for (const timer of this.later) clearTimeout(timer);
    this.pending.clear();
    this.later.clear();
  }

  private pause(key: string, track: Track, ms: number): void {
    const timer = setTimeout(() => {
      const { first } = this.pending.get(key)!;
      this.pending.delete(key);
      if (first === undefined) return;
      this.send(track, first);
      this.pause(key, track, Math.min(2 * ms, PAUSE_MS.longest));
    }, ms).unref();
    this.pending.set(key, { first: undefined, timer });
  }
}

interface Pending {
  first: number | undefined;
  timer: NodeJS.Timeout;
}
