import { trackKey, type Track } from './shards.js';

/** More at a time would only wait for each other's database sessions, and make requests wait for theirs. */
export const HANDS = 6;
/** A subscriber that has not finished a batch for so long may hang, and no longer counts. */
const PATIENCE_MS = 2_000;

/**
 * Looks at up to six tracks at a time. A look that makes no progress for two seconds gives up its place, so subscribers that
 * hang keep nobody waiting for longer; and a track that still waits by then is offered to the other processes.
 */
export class Hands {
  private readonly waiting = new Map<string, Waiting>();
  private readonly busy = new Set<Busy>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly look: (track: Track, progressed: () => void) => Promise<void>,
    private readonly offer: (track: Track) => void,
  ) {}

  take(track: Track): void {
    const key = trackKey(track);
    if (this.stopped || this.waiting.has(key)) return;
    this.waiting.set(key, { track, since: performance.now(), isOffered: false });
    this.next();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.waiting.clear();
    await Promise.all([...this.busy].map(({ done }) => done));
  }

  private next(): void {
    for (const [key, { track }] of this.waiting) {
      if (this.placesTaken() >= HANDS) return this.bePatient();
      this.waiting.delete(key);
      this.begin(track);
    }
  }

  private begin(track: Track): void {
    const busy: Busy = { movedAt: performance.now(), done: Promise.resolve() };
    const progressed = (): void => void (busy.movedAt = performance.now());
    busy.done = this.look(track, progressed).finally(() => {
      this.busy.delete(busy);
      this.next();
    });
    this.busy.add(busy);
  }

  private placesTaken(): number {
    const hanging = performance.now() - PATIENCE_MS;
    return [...this.busy].filter(({ movedAt }) => movedAt > hanging).length;
  }

  private bePatient(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.offerOverdue();
      this.next();
    }, PATIENCE_MS).unref();
  }

  private offerOverdue(): void {
    const overdue = performance.now() - PATIENCE_MS;
    for (const waiting of this.waiting.values()) {
      if (waiting.since > overdue) break;
      if (!waiting.isOffered) this.offer(waiting.track);
      waiting.isOffered = true;
    }
  }
}

interface Waiting {
  track: Track;
  since: number;
  isOffered: boolean;
}

interface Busy {
  /** When it began, or last finished a batch. */
  movedAt: number;
  done: Promise<void>;
}
