import { SetMetadata } from '@nestjs/common';
import type { AnyEventOf, EventName, RecordedEvent } from './domain-events.js';

export const ON_DOMAIN_EVENT = 'upmoltwork:on-domain-event';

export interface Subscription {
  names: readonly EventName[] | 'every';
  subscriber: string;
  /** Handles what lies before it together, not one by one. */
  inBatches: boolean;
}

type Handler<Name extends EventName> = (event: RecordedEvent<Name>) => Promise<void>;
type BatchHandler<Name extends EventName> = (events: readonly AnyEventOf<Name>[]) => Promise<void>;
type Marks<Expected> = <Method extends Expected>(
  target: object,
  key: string | symbol,
  method: TypedPropertyDescriptor<Method>,
) => void;

/**
 * Marks a method of any provider as a handler of one or more events. Handlers of one subscriber see the events
 * of a subject in the order they were committed, at least once each, after the commit; so they are idempotent
 * by `event.id`.
 */
export function OnDomainEvent<Name extends EventName>(
  name: Name | readonly Name[],
  { subscriber }: { subscriber: string },
): Marks<Handler<Name>> {
  const names = typeof name === 'string' ? [name] : name;
  return mark({ names, subscriber, inBatches: false });
}

/**
 * The same for a method that takes what waits in batches: for what costs nearly the same for many as for one. The order
 * of a subject holds within a batch and from batch to batch. A batch that fails comes again as a whole.
 */
export function OnDomainEvents<Name extends EventName>(
  names: readonly Name[],
  { subscriber }: { subscriber: string },
): Marks<BatchHandler<Name>> {
  return mark({ names, subscriber, inBatches: true });
}

/** In batches too, and every event there is: for what knows no names, such as webhooks. */
export function OnEveryEvent({ subscriber }: { subscriber: string }): Marks<BatchHandler<EventName>> {
  return mark({ names: 'every', subscriber, inBatches: true });
}

const mark = (subscription: Subscription): Marks<unknown> =>
  SetMetadata<string, Subscription>(ON_DOMAIN_EVENT, subscription);
