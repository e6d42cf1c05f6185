import { SetMetadata } from '@nestjs/common';
import type { EventName, RecordedEvent } from './domain-events.js';

export const ON_DOMAIN_EVENT = 'upmoltwork:on-domain-event';

export interface Subscription {
  /** `every`: whole batches of every name. */
  names: readonly EventName[] | 'every';
  subscriber: string;
}

type Handler<Name extends EventName> = (event: RecordedEvent<Name>) => Promise<void>;
type BatchHandler = (events: readonly RecordedEvent[]) => Promise<void>;

/**
 * Marks a method of any provider as a handler of one or more events. Handlers of one subscriber see the events
 * of a subject in the order they were committed, at least once each, after the commit; so they are idempotent
 * by `event.id`.
 */
export const OnDomainEvent =
  <Name extends EventName>(name: Name | readonly Name[], { subscriber }: { subscriber: string }) =>
  <Method extends Handler<Name>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    const names = typeof name === 'string' ? [name] : name;
    SetMetadata<string, Subscription>(ON_DOMAIN_EVENT, { names, subscriber })(target, key, descriptor);
  };

/**
 * Marks a method that takes every event there is, in batches: for what knows no names, such as webhooks. The
 * order of a subject holds within a batch and from batch to batch. A batch that fails comes again as a whole.
 */
export const OnEveryEvent =
  ({ subscriber }: { subscriber: string }) =>
  <Method extends BatchHandler>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    SetMetadata<string, Subscription>(ON_DOMAIN_EVENT, { names: 'every', subscriber })(
      target,
      key,
      descriptor,
    );
  };
