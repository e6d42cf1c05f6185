import { Injectable } from '@nestjs/common';
import { HealthCheck, type HealthFacts, type HealthPart } from '../observe/health.registry.js';
import { Metrics } from '../observe/metrics.js';
import { OutboxStore } from './outbox.store.js';
import { ProgressStore } from './progress.store.js';

/** So long may an event wait for its number; past it, nobody relays. */
const LATE_MS = 60_000;
/** A subscriber may fail when something it needs is away for a moment; from here on a person should look. */
const FAILURES_MAX = 5;

/** How far the relay is behind what was committed, and which subscribers cannot get past an event. */
@Injectable()
@HealthCheck('events')
export class EventsHealth implements HealthPart {
  constructor(
    private readonly outbox: OutboxStore,
    private readonly progress: ProgressStore,
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
    const [{ waiting, oldestMs }, failing] = await Promise.all([
      this.outbox.backlog(),
      this.progress.failing(),
    ]);
    if (oldestMs > LATE_MS) throw new Error(`The oldest event has waited ${oldestMs} ms.`);
    const poisoned = failing.find(({ failures }) => failures >= FAILURES_MAX);
    if (poisoned) {
      const { subscriber, failedPosition, failures, error } = poisoned;
      throw new Error(`${subscriber} has failed ${failures} times at position ${failedPosition}: ${error}`);
    }
    return { waiting, oldest_ms: oldestMs, failing_subscribers: failing.length };
  }
}
