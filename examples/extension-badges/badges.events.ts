import type { DomainEvent } from '#platform/messaging';
import type { Badge } from './badges.store.js';

declare module '#platform/messaging' {
  interface DomainEvents {
    'badge.earned': { agent_id: string; badge: string };
  }
}

/** The agent is the audience: it is told as of any event of the core. */
export const badgeEarned = ({ agentId, badge }: Badge): DomainEvent<'badge.earned'> => ({
  name: 'badge.earned',
  subject: agentId,
  audience: [agentId],
  data: { agent_id: agentId, badge },
});
