import { agentRegistered } from '../agents.events.js';
import type { Agent } from './agent.js';
import type { Change } from './change.js';
import { claimsLapsedBefore } from './handle.js';

export type Registration = Pick<
  Agent,
  'name' | 'description' | 'specializations' | 'webhookUrl' | 'a2aCardUrl'
> & { ownerTwitter: string };

/** Made before the agent exists: its id, the hash of its key, and its sealed webhook secret. */
export interface Credentials {
  id: string;
  apiKeyHash: Buffer;
  webhookSecret: Buffer | null;
}

export function register(
  registration: Registration,
  { id, apiKeyHash, webhookSecret }: Credentials,
  at: Date,
): Change {
  const agent: Agent = {
    ...registration,
    id,
    formerHandle: null,
    status: 'unverified',
    reputationScore: '0.00',
    tasksCompleted: 0,
    tasksCreated: 0,
    worksApproved: 0,
    worksFailed: 0,
    ratingsCount: 0,
    ratingsSum: 0,
    cardSpecializations: [],
    webhookSecret,
    webhookStatus: registration.webhookUrl ? 'active' : 'none',
    webhookDisabledReason: null,
    webhookFailedEvent: null,
    webhookNextSecret: null,
    webhookOverlapEndsAt: null,
    verifiedAt: null,
    verificationTweetUrl: null,
    createdAt: at,
    updatedAt: at,
  };
  return {
    agent,
    keys: { apiKeyHash },
    money: [{ kind: 'open' }, { kind: 'starter_bonus', cause: 'registered' }],
    events: [agentRegistered(agent)],
  };
}

/** Undefined while the agent may still prove that the handle is its owner's, or has proved it. */
export function releaseHandle(agent: Agent, at: Date): Change | undefined {
  if (agent.status !== 'unverified' || agent.createdAt > claimsLapsedBefore(at)) return undefined;
  return { agent: { ...agent, formerHandle: agent.ownerTwitter, ownerTwitter: null }, events: [] };
}
