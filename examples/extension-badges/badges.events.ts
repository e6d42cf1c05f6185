import type { DomainEvent } from '../../src/kernel/events/domain-events.js';
import type { Badge } from './badges.store.js';

declare module '../../src/kernel/events/domain-events.js' {
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
