import { webhookDisabled } from '../agents.events.js';
import type { Agent } from './agent.js';
import type { Change } from './change.js';

/** The result of using a webhook. */
export interface WebhookOutcome {
  /** The address that was used: what is known of an old one says nothing about a new one. */
  url: string;
  status: 'active' | 'disabled';
  reason?: string;
  failedEvent?: string;
}

/** Undefined when it is no news, or about an address that is gone. */
export function reportWebhook(agent: Agent, outcome: WebhookOutcome, at: Date): Change | undefined {
  const { status, url, reason = '', failedEvent = null } = outcome;
  const isInUse = agent.webhookStatus === 'active' || agent.webhookStatus === 'verifying';
  if (agent.webhookUrl !== url || !isInUse || agent.webhookStatus === status) return undefined;
  const isOff = status === 'disabled';
  return {
    agent: {
      ...agent,
      webhookStatus: status,
      webhookDisabledReason: isOff ? reason : null,
      webhookFailedEvent: isOff ? failedEvent : null,
      updatedAt: at,
    },
    events: isOff ? [webhookDisabled(agent.id, reason, failedEvent)] : [],
  };
}
