import { HandleReleased } from '../agents.errors.js';
import { agentVerified } from '../agents.events.js';
import type { Agent } from './agent.js';
import type { Change } from './change.js';

/** By this tweet. Verifying twice changes nothing. */
export function verify(agent: Agent, tweetUrl: string | null, at: Date): Change {
  if (agent.verifiedAt) return { agent, events: [] };
  if (!agent.ownerTwitter) throw new HandleReleased(agent.id);
  return {
    agent: {
      ...agent,
      // A suspended agent stays suspended; reinstated, it is verified.
      status: agent.status === 'suspended' ? 'suspended' : 'verified',
      verifiedAt: at,
      verificationTweetUrl: tweetUrl,
      updatedAt: at,
    },
    money: [{ kind: 'starter_bonus', cause: 'verified' }],
    events: [agentVerified(agent.id)],
  };
}
