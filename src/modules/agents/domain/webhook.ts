import type { Agent, WebhookStatus } from './agent.js';

type Webhook = Pick<Agent, 'webhookUrl' | 'webhookStatus' | 'webhookDisabledReason' | 'webhookFailedEvent'>;

/** What its owner may say of a webhook: another address, null for none, and whether it is on. */
export interface WebhookWish {
  webhookUrl?: string | null;
  webhookEnabled?: boolean;
}

/**
 * The webhook after its owner's wish. Whoever was off is not simply on again: a ping decides, so that an address that
 * is still broken does not take three retries of real news to show it. A removed address leaves a clean slate.
 */
export function webhookAfter(webhook: Webhook, wish: WebhookWish): Webhook {
  const webhookUrl = wish.webhookUrl === undefined ? webhook.webhookUrl : wish.webhookUrl;
  const webhookStatus = statusAfter(webhook, webhookUrl, wish.webhookEnabled);
  if (webhookStatus !== 'disabled') {
    return { webhookUrl, webhookStatus, webhookDisabledReason: null, webhookFailedEvent: null };
  }
  if (webhook.webhookStatus === 'disabled') return { ...webhook, webhookUrl };
  return { webhookUrl, webhookStatus, webhookDisabledReason: OWNERS_WISH, webhookFailedEvent: null };
}

const OWNERS_WISH = 'Switched off by its owner.';

function statusAfter(webhook: Webhook, url: string | null, enabled: boolean | undefined): WebhookStatus {
  if (url === null) return 'none';
  if (enabled === false) return 'disabled';
  if (webhook.webhookStatus === 'none') return 'active';
  const isOtherAddress = url !== webhook.webhookUrl;
  if (webhook.webhookStatus === 'disabled') return enabled || isOtherAddress ? 'verifying' : 'disabled';
  return webhook.webhookStatus;
}

type Secrets = Pick<Agent, 'webhookSecret' | 'webhookNextSecret' | 'webhookOverlapEndsAt'>;

export const isRotating = ({ webhookOverlapEndsAt }: Secrets, now: Date): boolean =>
  webhookOverlapEndsAt !== null && now < webhookOverlapEndsAt;

/** The sealed secrets that sign now, the one of the body's `signature` first; after an overlap the new one alone. */
export function signingSecrets(secrets: Secrets, now: Date): Buffer[] {
  const { webhookSecret, webhookNextSecret } = secrets;
  const all = isRotating(secrets, now)
    ? [webhookSecret, webhookNextSecret]
    : [webhookNextSecret ?? webhookSecret];
  return all.filter((secret) => secret !== null);
}
