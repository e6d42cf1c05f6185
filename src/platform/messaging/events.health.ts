import { Injectable } from '@nestjs/common';
import { Clock, SECOND_MS } from '#kernel/clock';
import { HealthCheck, type HealthFacts, type HealthPart, Metrics } from '#platform/observability';
import { OutboxStore } from './outbox.store.js';
import { ProgressStore } from './progress.store.js';
import { Subscribers } from './subscribers.js';

/** So long may an event wait for its number; past it, nobody relays. */
const LATE_MS = 60_000;
/** A subscriber may fail when something it needs is away for a moment; from here on a person should look. */
const FAILURES_MAX = 5;
/** The largest batch of the slowest subscriber takes a fraction of it. */
const HANGS_S = 120;

/** How far the relay is behind what was committed, and which subscribers cannot get past an event, or hang. */
@Injectable()
@HealthCheck('events')
export class EventsHealth implements HealthPart {
  constructor(
    private readonly outbox: OutboxStore,
    private readonly progress: ProgressStore,
    private readonly found: Subscribers,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.gauge('outbox_waiting', 'Events that are committed but not yet relayed.', async () => {
      const { waiting } = await this.outbox.backlog();
      return waiting;
    });
    metrics.gauge(
      'event_subscriber_behind',
      "Positions between the newest event and the subscriber's slowest shard; events it does not want count too.",
      async () =>
        (await this.progress.lags()).map(({ subscriber, behind }) => ({
          labels: { subscriber },
          value: behind,
        })),
      ['subscriber'],
    );
    metrics.gauge(
      'event_subscriber_lag_seconds',
      'How long the oldest event that a subscriber wants and has not had has waited; 0 when there is none.',
      () => this.lags(),
      ['subscriber'],
    );
    metrics.gauge(
      'event_subscriber_running_seconds',
      'For how long a subscriber has been at the batch that it has in hand; 0 when it is at rest.',
      async () =>
        (await this.progress.running()).map(({ subscriber, seconds }) => ({
          labels: { subscriber },
          value: seconds,
        })),
      ['subscriber'],
    );
    metrics.gauge(
      'event_subscriber_failures',
      'How often in a row a subscriber failed at the event at `position`; absent while it does not fail.',
      async () =>
        (await this.progress.failing()).map(({ subscriber, shard, failedPosition, failures }) => ({
          labels: { subscriber, shard: String(shard), position: String(failedPosition) },
          value: failures,
        })),
      ['subscriber', 'shard', 'position'],
    );
  }

  async check(): Promise<HealthFacts> {
    const [{ waiting, oldestMs }, failing, running] = await Promise.all([
      this.outbox.backlog(),
      this.progress.failing(),
      this.progress.running(),
    ]);
    if (oldestMs > LATE_MS) throw new Error(`The oldest event has waited ${oldestMs} ms.`);
    const poisoned = failing.find(({ failures }) => failures >= FAILURES_MAX);
    if (poisoned) {
      const { subscriber, failedPosition, failures, error } = poisoned;
      throw new Error(`${subscriber} has failed ${failures} times at position ${failedPosition}: ${error}`);
    }
    const hanging = running.find(({ seconds }) => seconds > HANGS_S);
    if (hanging) {
      const { subscriber, seconds } = hanging;
      throw new Error(`${subscriber} has been at one batch for ${Math.round(seconds)} s.`);
    }
    return { waiting, oldest_ms: oldestMs, failing_subscribers: failing.length };
  }

  private async lags(): Promise<{ labels: { subscriber: string }; value: number }[]> {
    const subscribers = this.found.find();
    const oldest = await this.progress.oldestWaiting(subscribers);
    const now = this.clock.now().getTime();
    return subscribers.map(({ name }) => {
      const since = oldest.get(name)?.getTime() ?? now;
      return { labels: { subscriber: name }, value: Math.max(0, now - since) / SECOND_MS };
    });
  }
}
