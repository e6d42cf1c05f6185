import { Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { RecordedEvent } from './domain-events.js';
import { OutboxStore } from './outbox.store.js';
import { LEASE_MS, ProgressStore, type Claim } from './progress.store.js';
import { trackKey, type Track } from './shards.js';
import { Shelf } from './shelf.js';
import type { Subscriber } from './subscribers.js';

const BATCH_MAX = 500;
/** So many positions are looked through for a batch: a subscriber of rare news is not read the whole past at once. */
const STRETCH = 5_000;
const RENEW_EVERY_MS = LEASE_MS / 3;
const PAUSE_MAX_MS = 30_000;

/** When to try again after a failure. */
export type Retry = { afterMs: number } | undefined;

/**
 * Hands a subscriber what lies before it in one shard, batch by batch. Whoever calls it and however often, one
 * does the work and in order: the lease of the track says who. Progress is kept after each batch, and up to the
 * event that failed.
 */
@Injectable()
export class HandOver {
  private readonly logger = new Logger('HandOver');

  constructor(
    private readonly outbox: OutboxStore,
    private readonly progress: ProgressStore,
    private readonly shelf: Shelf,
  ) {}

  async run(track: Track, subscriber: Subscriber, goOn: () => boolean): Promise<Retry> {
    const holder = randomUUID();
    const claim = await this.progress.claim(track, holder);
    if (!claim) return undefined;
    const renewal = setInterval(
      () => void this.progress.renew(track, holder).catch(() => {}),
      RENEW_EVERY_MS,
    ).unref();
    try {
      return await this.catchUp(track, holder, claim, subscriber, goOn);
    } finally {
      clearInterval(renewal);
    }
  }

  private async catchUp(
    track: Track,
    holder: string,
    claim: Claim,
    subscriber: Subscriber,
    goOn: () => boolean,
  ): Promise<Retry> {
    let { position, last } = claim;
    for (;;) {
      const to = Math.min(last, position + STRETCH);
      const stretch = { after: position, to };
      const events = await this.shelf.between(stretch, track.shard, subscriber.events, BATCH_MAX);
      const end = events.length === BATCH_MAX ? events.at(-1)!.position : to;
      const failure = await this.hand(events, subscriber);
      if (failure) return this.stumble(track, holder, claim, position, failure);
      if (end < last && goOn()) {
        if (!(await this.progress.advance(track, holder, position, end))) return undefined;
      } else {
        if (!(await this.progress.finish(track, holder, position, end))) return undefined;
        last = await this.outbox.last();
      }
      position = end;
    }
  }

  private async hand(events: readonly RecordedEvent[], subscriber: Subscriber): Promise<Failure | undefined> {
    if (events.length === 0) return undefined;
    let done: number | undefined;
    try {
      await subscriber.handle(events, (upTo) => (done = upTo));
      return undefined;
    } catch (error) {
      const at = events.find(({ position }) => position > (done ?? 0))!;
      return { done, at, error };
    }
  }

  private async stumble(
    track: Track,
    holder: string,
    claim: Claim,
    from: number,
    { done = from, at, error }: Failure,
  ): Promise<Retry> {
    // Whoever got further than the last time has not failed again at the same event.
    const failures = done > claim.position ? 1 : claim.failures + 1;
    const pauseMs = Math.min(100 * 2 ** failures, PAUSE_MAX_MS);
    await this.progress.fail(track, holder, from, {
      done,
      failures,
      failedPosition: at.position,
      error: String(error).slice(0, 500),
      pauseMs,
    });
    const what = { track: trackKey(track), event: at.id, name: at.name, position: at.position, failures };
    this.logger.error({ msg: 'a subscriber failed', ...what, error });
    return { afterMs: pauseMs };
  }
}

interface Failure {
  /** Up to here it was handled; undefined for not at all. */
  done: number | undefined;
  at: RecordedEvent;
  error: unknown;
}
