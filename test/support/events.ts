import { Injectable, Module, type DynamicModule, type Type } from '@nestjs/common';
import type { Extension } from '#extensions/extension';
import type { Tx } from '#kernel/tx';
import { UnitOfWork } from '#platform/database';
import {
  type DomainEvent,
  type RecordedEvent,
  HANDS,
  OnDomainEvent,
  OnEveryEvent,
  Outbox,
} from '#platform/messaging';
import type { TestApp } from './app.js';
import { until } from './until.js';

declare module '#platform/messaging' {
  interface DomainEvents {
    'test.happened': { n: number };
    'test.ignored': { n: number };
    'test.hangs': { n: number };
  }
}

export type Happened = DomainEvent<'test.happened'>;

export const happened = (subject: string, n: number, more: Partial<Happened> = {}): Happened => ({
  name: 'test.happened',
  subject,
  audience: [],
  data: { n },
  ...more,
});

/** What a subscriber saw, and what is to go wrong with it. */
export class Seen {
  readonly events: RecordedEvent<'test.happened'>[] = [];
  readonly batches: (readonly RecordedEvent[])[] = [];
  before: (event: RecordedEvent<'test.happened'>) => Promise<void> = () => Promise.resolve();

  numbersOf(subject: string): number[] {
    return this.events.filter((event) => event.subject === subject).map(({ data }) => data.n);
  }
}

@Injectable()
export class OneByOne extends Seen {
  @OnDomainEvent('test.happened', { subscriber: 'test-one' })
  async on(event: RecordedEvent<'test.happened'>): Promise<void> {
    await this.before(event);
    this.events.push(event);
  }
}

@Injectable()
export class InBatches extends Seen {
  @OnEveryEvent({ subscriber: 'test-every' })
  async on(events: readonly RecordedEvent[]): Promise<void> {
    this.batches.push(events);
    await Promise.resolve();
  }
}

/** Hangs on every track that it gets, until it is let go: on more of them than a process has hands. */
@Injectable()
export class Hanging {
  letGo!: () => void;
  private hung = 0;
  private readonly end = new Promise<void>((resolve) => (this.letGo = resolve));

  @OnDomainEvent('test.hangs', { subscriber: 'test-hangs' })
  hang(): Promise<void> {
    this.hung++;
    return this.end;
  }

  @OnDomainEvent('test.hangs', { subscriber: 'test-hangs-too' })
  hangToo(): Promise<void> {
    return this.hang();
  }

  /** Resolves when the process can look at nothing more by itself. */
  async takeAllHands(app: TestApp, subjects: readonly string[]): Promise<void> {
    const news = subjects.map((subject) => ({ ...happened(subject, 0), name: 'test.hangs' as const }));
    await inTransaction(app, (tx) => app.nest.get(Outbox).record(tx, ...news));
    await until('all hands are full', () => this.hung >= HANDS);
  }
}

@Module({})
class SubscribersModule {
  static with(providers: Type[]): DynamicModule {
    return { module: SubscribersModule, providers };
  }
}

/** Subscribers of a test, as an extension would bring them: hand it to `anApp`. */
export const subscribing = (...providers: Type[]): Extension => ({
  module: SubscribersModule.with(providers) as never,
});

/** Commits events as a module would, beside a change of its own. */
export const commit = (app: TestApp, ...events: Happened[]): Promise<void> =>
  inTransaction(app, (tx) => app.nest.get(Outbox).record(tx, ...events));

export const inTransaction = <T>(app: TestApp, act: (tx: Tx) => T | Promise<T>): Promise<T> =>
  app.nest.get(UnitOfWork).run(act);
