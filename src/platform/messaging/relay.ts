import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '#config/settings';
import { SECOND_MS } from '#kernel/clock';
import { Lane } from '#platform/concurrency';
import { HandOver } from './hand-over.js';
import { Hands } from './hands.js';
import { NUMBERED_CHANNEL, OUTBOX_CHANNEL, TRACKS_CHANNEL } from './outbox.js';
import { OutboxStore, type Numbered } from './outbox.store.js';
import { ProgressStore } from './progress.store.js';
import { trackKey, trackOf, type Track } from './shards.js';
import { Subscribers, type Subscriber } from './subscribers.js';
import { TrackPacing } from './track-pacing.js';
import { Wakeups } from './wakeups/wakeups.js';

const NUMBERED_AT_ONCE = 2_000;
/** Under load what comes meanwhile is numbered together; a lone event never waits for it. */
const ROUND_MS = 10;
const SWEEP_MS = 5 * SECOND_MS;

/**
 * Hands committed events to the subscribers: at least once, in the order of their commits for each subject. A
 * subscriber that fails is tried again with growing pauses and holds up nobody but itself, and only in the shard
 * where it failed. The process that numbers events hands them over itself. While its hands are full a wake-up offers the
 * track to the others, and a sweep finds whatever was lost.
 */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Relay');
  private readonly subscribers = new Map<string, Subscriber>();
  private readonly pacing = new TrackPacing((track) => this.hands.take(track));
  private readonly hands = new Hands(
    (track, progressed) => this.tryToLook(track, progressed),
    (track) => this.wakeups.wake(TRACKS_CHANNEL, trackKey(track)),
  );
  private readonly atWork = new Set<Promise<unknown>>();
  private numbering: Lane | undefined;
  private sweeping: Lane | undefined;
  private stopping = false;
  private numberedAt = 0;
  private seenBehind = new Map<string, number>();
  private forgetWakeups: (() => void)[] = [];

  constructor(
    private readonly outbox: OutboxStore,
    private readonly progress: ProgressStore,
    private readonly handOver: HandOver,
    private readonly found: Subscribers,
    private readonly wakeups: Wakeups,
    private readonly settings: Settings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const subscriber of this.found.find()) {
      this.subscribers.set(subscriber.name, subscriber);
      await this.progress.begin(subscriber.name);
    }
    if (this.settings.env.ROLE === 'api') return;
    const numbering = new Lane(() => this.number(), this.logger);
    this.numbering = numbering;
    this.sweeping = new Lane(() => this.sweep(), this.logger, SWEEP_MS);
    this.forgetWakeups = [
      this.wakeups.on(OUTBOX_CHANNEL, () => numbering.kick()),
      this.wakeups.on(TRACKS_CHANNEL, (key) => this.hands.take(trackOf(key))),
    ];
    numbering.start();
    this.sweeping.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const forget of this.forgetWakeups) forget();
    this.pacing.stop();
    await Promise.all([this.numbering?.stop(), this.sweeping?.stop(), this.hands.stop()]);
    await Promise.allSettled(this.atWork);
  }

  /**
   * Resolves when every event committed before the call has been handled, wherever the relay runs. A process
   * that relays lends a hand.
   */
  async drained(deadlineMs = 30 * SECOND_MS): Promise<void> {
    const giveUpAt = Date.now() + deadlineMs;
    for (;;) {
      this.wakeups.wake(OUTBOX_CHANNEL);
      const last = await this.outbox.last();
      const behind = await this.progress.behind([...this.subscribers.values()]);
      // What a subscriber has announced meanwhile has no number yet, or one that is greater than the last was.
      const isQuiet = behind.length === 0 && !(await this.outbox.anyUnnumbered());
      if (isQuiet && (await this.outbox.last()) === last) return;
      if (Date.now() > giveUpAt) {
        throw new Error(`Events still wait for: ${behind.map(trackKey).join(', ') || 'their numbers'}.`);
      }
      if (this.numbering) await Promise.all(behind.map((track) => this.look(track)));
      await sleep(behind.length > 0 && this.numbering ? 2 : 10);
    }
  }

  private async number(): Promise<boolean> {
    const early = this.numberedAt + ROUND_MS - performance.now();
    if (early > 0) await sleep(early);
    const numbered = await this.outbox.number(NUMBERED_AT_ONCE);
    if (numbered.count === 0) return false;
    this.numberedAt = performance.now();
    this.wakeups.wake(NUMBERED_CHANNEL);
    this.announce(numbered);
    // Rows may also be left because so many are told of these: look again until there are none.
    return true;
  }

  private announce({ news }: Numbered): void {
    for (const { name: subscriber, events } of this.subscribers.values()) {
      for (const { name, shard } of news) {
        if (!events || events.some((wanted) => wanted === name)) this.pacing.announce({ subscriber, shard });
      }
    }
  }

  /** Does what is to be done on a track, and comes back to it when that failed. */
  private async look(track: Track, progressed = (): void => {}): Promise<void> {
    const subscriber = this.subscribers.get(track.subscriber);
    // Another process may run a newer or an older program, with subscribers that this one does not have.
    if (!subscriber || this.stopping) return;
    const work = this.handOver.run(track, subscriber, () => {
      progressed();
      return !this.stopping;
    });
    this.atWork.add(work);
    try {
      const retry = await work;
      if (retry) this.pacing.announceLater(track, retry.afterMs);
    } finally {
      this.atWork.delete(work);
    }
  }

  /** Whatever stands where it stood at the last sweep has lost its wake-up, or the process that worked on it. */
  private async sweep(): Promise<boolean> {
    const behind = await this.progress.behind([...this.subscribers.values()]);
    const stuck = behind.filter((track) => this.seenBehind.get(trackKey(track)) === track.position);
    this.seenBehind = new Map(behind.map((track) => [trackKey(track), track.position]));
    // Not waited for: one that hangs must not keep the sweep from the others.
    for (const track of stuck) void this.tryToLook(track);
    return false;
  }

  /** What fails here the sweep comes back to. */
  private async tryToLook(track: Track, progressed?: () => void): Promise<void> {
    try {
      await this.look(track, progressed);
    } catch (error) {
      const msg = 'a track could not be looked at';
      this.logger.warn({ msg, track: trackKey(track), error: String(error) });
    }
  }
}
