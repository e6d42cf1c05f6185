import { differing, isEmpty } from '#kernel/differing';
import { WebhookUrlMissing } from '../agents.errors.js';
import { agentUpdated, webhookVerifying } from '../agents.events.js';
import type { Agent } from './agent.js';
import type { Change } from './change.js';
import { webhookAfter, type WebhookWish } from './webhook.js';

export type ProfileChanges = Partial<Pick<Agent, 'name' | 'description' | 'specializations' | 'a2aCardUrl'>> &
  WebhookWish;

/** Announced when something is different afterwards. The first address of an agent takes this secret. */
export function editProfile(
  agent: Agent,
  changes: ProfileChanges,
  newSecret: Buffer | null,
  at: Date,
): Change {
  const { webhookUrl, webhookEnabled, ...profile } = changes;
  const webhook = wished(agent, { webhookUrl, webhookEnabled });
  // Also when it was being verified already: that ping went to another address, or its answer takes too long.
  const pings = webhook.webhookStatus === 'verifying' ? [webhookVerifying(agent.id)] : [];
  const changed = differing(agent, { ...profile, ...webhook });
  if (isEmpty(changed)) return { agent, events: pings };
  const webhookSecret = webhookUrl ? (agent.webhookSecret ?? newSecret) : agent.webhookSecret;
  return {
    agent: { ...agent, ...changed, webhookSecret, updatedAt: at },
    events: [...pings, agentUpdated(agent.id)],
  };
}

function wished(agent: Agent, wish: WebhookWish): Partial<Agent> {
  if (wish.webhookUrl === undefined && wish.webhookEnabled === undefined) return {};
  const after = webhookAfter(agent, wish);
  if (after.webhookUrl === null && wish.webhookEnabled !== undefined) throw new WebhookUrlMissing();
  return after;
}
