import { after, HOUR_MS } from '#kernel/clock';
import { NoRotationInProgress, RotationInProgress, WebhookUrlMissing } from '../agents.errors.js';
import type { Agent } from './agent.js';
import type { Change } from './change.js';
import { isRotating, signingSecrets } from './webhook.js';

export interface SecretRotation {
  sealed: Buffer;
  overlapHours: number;
  /** A secret that cannot be opened any more signs nothing, and is replaced at once. */
  canOpenCurrent: boolean;
}

/** During the overlap both secrets sign. */
export function rotateSecret(agent: Agent, rotation: SecretRotation, at: Date): Change {
  const { sealed, overlapHours, canOpenCurrent } = rotation;
  if (!agent.webhookSecret) throw new WebhookUrlMissing();
  if (isRotating(agent, at)) throw new RotationInProgress(agent.webhookOverlapEndsAt!);
  const hasOverlap = overlapHours > 0 && canOpenCurrent;
  return changed(agent, at, {
    // An overlap that has passed by itself is put in order only now.
    webhookSecret: hasOverlap ? signingSecrets(agent, at)[0]! : sealed,
    webhookNextSecret: hasOverlap ? sealed : null,
    webhookOverlapEndsAt: hasOverlap ? after(at, overlapHours * HOUR_MS) : null,
  });
}

/** Ends the overlap: from now on the new secret alone signs. */
export function activateSecret(agent: Agent, at: Date): Change {
  if (!isRotating(agent, at)) throw new NoRotationInProgress();
  return changed(agent, at, {
    webhookSecret: agent.webhookNextSecret,
    webhookNextSecret: null,
    webhookOverlapEndsAt: null,
  });
}

const changed = (agent: Agent, at: Date, secrets: Partial<Agent>): Change => ({
  agent: { ...agent, ...secrets, updatedAt: at },
  events: [],
});
