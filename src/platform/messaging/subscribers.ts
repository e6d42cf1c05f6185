import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { EventName, RecordedEvent } from './domain-events.js';
import { ON_DOMAIN_EVENT, type Subscription } from './on-domain-event.decorator.js';

export interface Subscriber {
  name: string;
  /** Undefined: every event there is. */
  events: readonly EventName[] | undefined;
  /** Handles a batch in order and tells after each part how far it is done. */
  handle(events: readonly RecordedEvent[], done: (upTo: number) => void): Promise<void>;
}

/** Finds every method that is marked as a handler of events, of every provider: a module subscribes by being there. */
@Injectable()
export class Subscribers {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  find(): Subscriber[] {
    const found = new Map<string, Marked[]>();
    for (const { instance } of this.discovery.getProviders()) {
      if (!instance || typeof instance !== 'object') continue;
      for (const marked of this.markedIn(instance as Methods)) {
        const { subscriber } = marked.subscription;
        found.set(subscriber, [...(found.get(subscriber) ?? []), marked]);
      }
    }
    return [...found].map(([name, marked]) => subscriberOf(name, marked));
  }

  private markedIn(instance: Methods): Marked[] {
    const prototype = Object.getPrototypeOf(instance) as Methods;
    return this.scanner.getAllMethodNames(prototype).flatMap((key) => {
      const method = prototype[key];
      if (typeof method !== 'function') return [];
      const subscription = this.reflector.get<Subscription | undefined>(ON_DOMAIN_EVENT, method);
      return subscription ? [{ subscription, method: method.bind(instance) }] : [];
    });
  }
}

type Handler = (event: RecordedEvent) => Promise<void>;
type BatchHandler = (events: readonly RecordedEvent[]) => Promise<void>;
type Method = Handler & BatchHandler;
type Methods = Record<string, Method>;

interface Marked {
  subscription: Subscription;
  method: Method;
}

function subscriberOf(name: string, marked: readonly Marked[]): Subscriber {
  const batched = marked.find(({ subscription }) => subscription.inBatches);
  if (!batched) return oneByOne(name, marked);
  // Half a batch that was handled one by one could not be told from half that was not.
  if (marked.length > 1) throw new Error(`The subscriber ${name} takes batches in one place, or one by one.`);
  return inBatches(name, batched);
}

const inBatches = (name: string, { subscription: { names }, method }: Marked): Subscriber => ({
  name,
  events: names === 'every' ? undefined : names,
  handle: async (events, done) => {
    await method(events);
    done(events.at(-1)!.position);
  },
});

function oneByOne(name: string, marked: readonly Marked[]): Subscriber {
  const handlers = new Map<EventName, Handler[]>();
  for (const { subscription, method } of marked) {
    for (const event of subscription.names as readonly EventName[]) {
      handlers.set(event, [...(handlers.get(event) ?? []), method]);
    }
  }
  return {
    name,
    events: [...handlers.keys()],
    handle: async (events, done) => {
      for (const event of events) {
        for (const handler of handlers.get(event.name) ?? []) await handler(event);
        done(event.position);
      }
    },
  };
}
