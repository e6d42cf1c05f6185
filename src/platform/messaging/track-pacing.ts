import { trackKey, type Track } from './shards.js';

/** Each look at a track costs two commits; under load one look serves everything that came meanwhile. */
const PAUSE_MS = { first: 30, longest: 250 };

/** Asks for a look at a track at its first news, then after pauses that double while more news arrives. */
export class TrackPacing {
  private readonly pending = new Map<string, Pending>();
  private readonly later = new Set<NodeJS.Timeout>();

  constructor(private readonly look: (track: Track) => void) {}

  announce(track: Track): void {
    const key = trackKey(track);
    const pending = this.pending.get(key);
    if (pending) {
      pending.hasNews = true;
      return;
    }
    this.look(track);
    this.pause(key, track, PAUSE_MS.first);
  }

  /** For a track that failed and may be tried again after this time. */
  announceLater(track: Track, afterMs: number): void {
    const timer = setTimeout(() => {
      this.later.delete(timer);
      this.announce(track);
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
      const { hasNews } = this.pending.get(key)!;
      this.pending.delete(key);
      if (!hasNews) return;
      this.look(track);
      this.pause(key, track, Math.min(2 * ms, PAUSE_MS.longest));
    }, ms).unref();
    this.pending.set(key, { hasNews: false, timer });
  }
}

interface Pending {
  hasNews: boolean;
  timer: NodeJS.Timeout;
}
