import { Injectable } from '@nestjs/common';
import type { EventName, RecordedEvent } from './domain-events.js';
import { OutboxStore, type ShardedEvent } from './outbox.store.js';
import type { Track } from './shards.js';

/** Whoever is further behind reads the table. */
const KEPT_MAX = 5_000;
/** Rows are read in one turn of the event loop, and others want one too. */
const READ_AT_ONCE = 1_000;

interface Stretch {
  after: number;
  to: number;
}

/**
 * The newest events, read once for all subscribers of this process and all their shards. An event that has its number
 * never changes, and none gets a number behind one that was given; so what is kept here is what the table has.
 */
@Injectable()
export class Shelf {
  /** All that lie in the stretch, and nothing else. */
  private kept: readonly ShardedEvent[] = [];
  private stretch: Stretch = { after: 0, to: 0 };
  private reading: Promise<unknown> = Promise.resolve();

  constructor(private readonly outbox: OutboxStore) {}

  /** The events of a shard in a stretch of positions; without names, all of them. */
  async between(
    wanted: Stretch,
    shard: Track['shard'],
    names: readonly EventName[] | undefined,
    limit: number,
  ): Promise<RecordedEvent[]> {
    await this.reach(wanted);
    if (!this.has(wanted)) return this.outbox.between(wanted, shard, names, limit);
    const found: RecordedEvent[] = [];
    for (let index = this.placeBehind(wanted.after); index < this.kept.length; index++) {
      const { shard: itsShard, event } = this.kept[index]!;
      if (event.position > wanted.to || found.length === limit) break;
      if (itsShard === shard && (!names || names.includes(event.name))) found.push(event);
    }
    return found;
  }

  private has({ after, to }: Stretch): boolean {
    return after >= this.stretch.after && to <= this.stretch.to;
  }

  /** One reads at a time; who waited may find there what it wants. */
  private reach(wanted: Stretch): Promise<unknown> {
    this.reading = this.reading.catch(() => {}).then(() => this.read(wanted));
    return this.reading;
  }

  private async read({ after, to }: Stretch): Promise<void> {
    // What is behind the shelf is no reason to take down what others want next.
    if (to <= this.stretch.to) return;
    if (after > this.stretch.to || to - this.stretch.to > KEPT_MAX) this.clear(after);
    while (this.stretch.to < to) {
      const next = { after: this.stretch.to, to: Math.min(to, this.stretch.to + READ_AT_ONCE) };
      this.put(await this.outbox.stretch(next), next.to);
    }
  }

  private clear(position: number): void {
    this.kept = [];
    this.stretch = { after: position, to: position };
  }

  private put(read: readonly ShardedEvent[], to: number): void {
    const all = [...this.kept, ...read];
    this.kept = all.slice(-KEPT_MAX);
    const dropped = all[all.length - this.kept.length - 1];
    this.stretch = { after: dropped?.event.position ?? this.stretch.after, to };
  }

  /** The first that is behind a position. */
  private placeBehind(position: number): number {
    let [low, high] = [0, this.kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.kept[middle]!.event.position > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
