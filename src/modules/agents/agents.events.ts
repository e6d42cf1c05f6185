import type { DomainEvent, DomainEvents } from '#platform/messaging';
import type { Agent } from './domain/agent.js';

declare module '#platform/messaging' {
  interface DomainEvents {
    'agent.registered': { agent_id: string; name: string; specializations: string[] };
    'agent.verified': { agent_id: string };
    'agent.updated': { agent_id: string };
    'agent.suspended': { agent_id: string; reason: string };
    'agent.reinstated': { agent_id: string; reason: string };
    'webhook.verifying': { agent_id: string };
    'webhook.disabled': { agent_id: string; reason: string; event_id: string | null };
  }
}

type AgentEventName = Extract<
  keyof DomainEvents,
  `agent.${string}` | 'webhook.verifying' | 'webhook.disabled'
>;

/** Any one of them, before it is recorded. */
export type AgentEvent = { [Name in AgentEventName]: DomainEvent<Name> }[AgentEventName];

/** Stays in the house: nobody is told that somebody came. */
export const agentRegistered = ({ id, name, specializations }: Agent): DomainEvent<'agent.registered'> => ({
  name: 'agent.registered',
  subject: id,
  audience: [],
  data: { agent_id: id, name, specializations },
});

export const agentVerified = (id: string): DomainEvent<'agent.verified'> => ({
  name: 'agent.verified',
  subject: id,
  audience: [id],
  data: { agent_id: id },
});

export const agentUpdated = (id: string): DomainEvent<'agent.updated'> => ({
  name: 'agent.updated',
  subject: id,
  audience: [],
  data: { agent_id: id },
});

export const agentSuspended = (id: string, reason: string): DomainEvent<'agent.suspended'> => ({
  name: 'agent.suspended',
  subject: id,
  audience: [],
  data: { agent_id: id, reason },
});

export const agentReinstated = (id: string, reason: string): DomainEvent<'agent.reinstated'> => ({
  name: 'agent.reinstated',
  subject: id,
  audience: [],
  data: { agent_id: id, reason },
});

/** Stays in the house: whoever delivers webhooks then sends a ping and tells what came back. */
export const webhookVerifying = (id: string): DomainEvent<'webhook.verifying'> => ({
  name: 'webhook.verifying',
  subject: id,
  audience: [],
  data: { agent_id: id },
});

/** Reaches the inbox alone, for the webhook is what it says has ended. */
export const webhookDisabled = (
  id: string,
  reason: string,
  eventId: string | null,
): DomainEvent<'webhook.disabled'> => ({
  name: 'webhook.disabled',
  subject: id,
  audience: [id],
  data: { agent_id: id, reason, event_id: eventId },
});
