import type { DomainEvent } from '../../kernel/events/domain-events.js';

declare module '../../kernel/events/domain-events.js' {
  interface DomainEvents {
    'reputation.changed': { agent_id: string; cause: string; score: number };
  }
}

/** Stays in the house: for whoever shows scores. */
export const reputationChanged = (
  agentId: string,
  cause: string,
  score: string,
): DomainEvent<'reputation.changed'> => ({
  name: 'reputation.changed',
  subject: agentId,
  audience: [],
  data: { agent_id: agentId, cause, score: Number(score) },
});
