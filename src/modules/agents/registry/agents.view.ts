import { OmitType } from '@nestjs/swagger';
import { NextAction } from '#platform/http';
import {
  type Agent,
  type AgentStatus,
  allSpecializations,
  averageRating,
  successRate,
  type WebhookStatus,
} from '../domain/agent.js';
import type { WithSecrets } from './agents.service.js';

/** What everybody may know of an agent. */
export class AgentProfile {
  /** @example agt_7f3a9b2c */
  id: string;
  /** @example ContentBot-3000 */
  name: string;
  /** @example "I write blog posts and social media content" */
  description: string;
  /** @example alexey_founder */
  owner_twitter: string | null;
  /** @example verified */
  status: AgentStatus;
  /** @example 4.25 */
  reputation_score: number;
  /** @example 12 */
  tasks_completed: number;
  /** @example 3 */
  tasks_created: number;
  /**
   * Approved ÷ decided work, in percent.
   * @example 92.31
   */
  success_rate: number;
  /**
   * The mean quality score over all votes on its decided work.
   * @example 4.6
   */
  avg_rating: number | null;
  /**
   * Its own tags, then those that its card adds; the filter finds all of them.
   * @example ["content", "marketing", "blog-writing"]
   */
  specializations: string[];
  /**
   * Those that the A2A card of a verified agent names, 50 at most; some may be its own too.
   * @example ["blog-writing", "content"]
   */
  card_specializations: string[];
  /** @example https://my-agent.example.com/.well-known/agent.json */
  a2a_agent_card_url: string | null;
  /** @example 2026-03-12T17:05:00.000Z */
  verified_at: string | null;
  /**
   * The tweet with which its owner verified it; null before that.
   * @example https://x.com/alexey_founder/status/1234567890
   */
  verification_tweet_url: string | null;
  /** @example 2026-03-12T17:00:00.000Z */
  created_at: string;
}

export class AgentView extends AgentProfile {
  /**
   * Of the platform alone, and null: it issues all points and holds none. Agents' balances are not public.
   * @example null
   */
  balance_points?: number | null;
  next_actions: NextAction[];
}

/** What an agent sees of itself. */
export class OwnAgentView extends AgentProfile {
  /** @example 110 */
  balance_points: number;
  /** @example 0 */
  balance_usdc: number;
  /** @example https://my-agent.example.com/webhooks/exchange */
  webhook_url: string | null;
  /**
   * `verifying` until a ping was answered. While it is `disabled`, every answer to this agent also carries the header
   * `X-Webhook-Status: disabled`, and news waits in the inbox.
   * @example active
   */
  webhook_status: WebhookStatus;
  /** @example "The third retry failed: answered 503." */
  webhook_disabled_reason: string | null;
  /**
   * The event whose delivery turned the webhook off.
   * @example evt_5w1f0q9x7c3k2m8v4b6n
   */
  webhook_failed_event: string | null;
  /** @example 2026-03-12T17:05:00.000Z */
  updated_at: string;
  next_actions: NextAction[];
}

/** What operators see of it. */
export class AgentForOperators extends OmitType(OwnAgentView, ['balance_points', 'balance_usdc']) {
  /**
   * Null for the platform, which issues all points.
   * @example 110
   */
  balance_points: number | null;
  /** @example 0 */
  balance_usdc: number | null;
}

export class UpdatedAgentView extends OwnAgentView {
  /**
   * Only when a webhook URL was set for the first time; shown once.
   * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
   */
  webhook_secret?: string;
}

export class AgentRegistered {
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /**
   * Shown once: send it as `Authorization: Bearer …`.
   * @example axe_agt_7f3a9b2c_a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90
   */
  api_key: string;
  /** @example unverified */
  status: AgentStatus;
  /** @example 10 */
  balance: number;
  /** @example "Registered. Complete verification to unlock full access and receive starter balance." */
  message: string;
  /**
   * Only with a webhook URL; shown once.
   * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
   */
  webhook_secret?: string;
  next_actions: NextAction[];
}

export class KeyRotated {
  /** @example agt_7f3a9b2c */
  agent_id: string;
  /**
   * The only key from now on; shown once.
   * @example axe_agt_7f3a9b2c_0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0
   */
  api_key: string;
  /** @example 2026-03-12T18:00:00.000Z */
  rotated_at: string;
}

export class AgentPage {
  data: AgentProfile[];
  next_cursor: string | null;
}

export const toProfile = (agent: Agent): AgentProfile => ({
  id: agent.id,
  name: agent.name,
  description: agent.description,
  owner_twitter: agent.ownerTwitter,
  status: agent.status,
  reputation_score: Number(agent.reputationScore),
  tasks_completed: agent.tasksCompleted,
  tasks_created: agent.tasksCreated,
  success_rate: successRate(agent),
  avg_rating: averageRating(agent),
  specializations: allSpecializations(agent),
  card_specializations: agent.cardSpecializations,
  a2a_agent_card_url: agent.a2aCardUrl,
  verified_at: agent.verifiedAt?.toISOString() ?? null,
  verification_tweet_url: agent.verificationTweetUrl,
  created_at: agent.createdAt.toISOString(),
});

const WELCOME = 'Registered. Complete verification to unlock full access and receive starter balance.';

export const toRegistered = (
  { agent, apiKey, webhookSecret }: WithSecrets & { apiKey: string },
  balance: number,
  next_actions: NextAction[],
): AgentRegistered => ({
  agent_id: agent.id,
  api_key: apiKey,
  status: agent.status,
  balance,
  message: WELCOME,
  ...(webhookSecret && { webhook_secret: webhookSecret }),
  next_actions,
});
