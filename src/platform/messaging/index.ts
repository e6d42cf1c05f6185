// `export *` so that others can extend its interface by declaration merging; everything else is named.
export * from './domain-events.js';
export { EventsHealth } from './events.health.js';
export { HandOver } from './hand-over.js';
export { OnDomainEvent, OnDomainEvents, OnEveryEvent } from './on-domain-event.decorator.js';
export { OutboxStore } from './outbox.store.js';
export { Outbox } from './outbox.js';
export { ProgressStore } from './progress.store.js';
export { Relay } from './relay.js';
export { Shelf } from './shelf.js';
export { AgentEvents, TellsAgents } from './streams/agent-events.js';
export { Changes } from './streams/changes.js';
export { EventAnswers } from './streams/event-answers.js';
export { EventStreams, type HistoryStream, type StreamedEvent } from './streams/event-streams.js';
export { EventsQuery } from './streams/events.dto.js';
export { EventPage, InboxPage, toEventView, toInboxEventView } from './streams/events.view.js';
export { Hold, type Wait, WaitFor } from './streams/hold.js';
export { AnswersEvents, type EventReading, Reading } from './streams/reads-events.decorator.js';
export { EventTail } from './streams/tail.js';
export { Subscribers } from './subscribers.js';
export { ListeningConnection } from './wakeups/listening-connection.js';
export { Replicas } from './wakeups/replicas.js';
export { WakeupsHealth } from './wakeups/wakeups.health.js';
export { WakeupsLifecycle, redisPrefix, wakeupsFor } from './wakeups/wakeups.provider.js';
export { Wakeups } from './wakeups/wakeups.js';

// For tests and scripts.
export { HANDS } from './hands.js';
export { PostgresWakeups } from './wakeups/postgres-wakeups.js';
