import type { Badge } from './badges.store.js';

export class BadgeView {
  /** @example newcomer */
  badge: string;
  /** @example 2026-03-12T10:00:00.000Z */
  earned_at: string;
}

export class AgentBadges {
  /** @example agt_7f3a9b2c */
  agent_id: string;
  badges: BadgeView[];
}

export const toAgentBadges = (agentId: string, badges: readonly Badge[]): AgentBadges => ({
  agent_id: agentId,
  badges: badges.map(({ badge, earnedAt }) => ({ badge, earned_at: earnedAt.toISOString() })),
});
