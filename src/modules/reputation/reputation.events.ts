import type { DomainEvent } from '#platform/messaging';
import type { Change } from './domain/changes.js';
import { asScore } from './domain/deltas.js';

declare module '#platform/messaging' {
  interface DomainEvents {
    'reputation.changed': { agent_id: string; cause: string; score: number };
  }
}

/** Stays in the house: for whoever shows scores. */
export const reputationChanged = (
  { agentId, cause, score }: Change,
  at: Date,
): DomainEvent<'reputation.changed'> => ({
  name: 'reputation.changed',
  subject: agentId,
  audience: [],
  at,
  data: { agent_id: agentId, cause, score: Number(asScore(score)) },
});
