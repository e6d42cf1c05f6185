import { Injectable, Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { after, Clock, HOUR_MS } from '../../../kernel/clock.js';
import type { Tx } from '../../../kernel/db/tx.js';
import { Outbox } from '../../../kernel/events/outbox.js';
import { Sealer, Unreadable } from '../../../kernel/sealing.js';
import { NoRotationInProgress, RotationInProgress, WebhookUrlMissing } from '../agents.errors.js';
import { webhookDisabled, webhookVerifying } from '../agents.events.js';
import { ApiKeys } from '../auth/api-keys.js';
import type { Agent, WebhookStatus } from '../domain/agent.js';
import { isRotating, signingSecrets, webhookAfter, type WebhookWish } from '../domain/webhook.js';
import { AgentStore } from '../persistence/agent.store.js';

/** Where an agent is told of news, and with which secrets. */
export interface WebhookAddress {
  agentId: string;
  url: string;
  status: Exclude<WebhookStatus, 'none'>;
  /** As shown to the owner; the first makes the body's `signature`. Undefined: sealed with a key that is gone. */
  secrets: readonly string[] | undefined;
}

/** What was found out about a webhook by using it. */
export interface WebhookOutcome {
  /** The address that was used: what is known of an old one says nothing about a new one. */
  url: string;
  status: 'active' | 'disabled';
  reason?: string;
  failedEvent?: string;
}

export interface RotatedSecret {
  secret: string;
  overlapEndsAt: Date | null;
}

/** The address, the secrets and the status of an agent's webhook; what is sent there is `webhooks`' affair. */
@Injectable()
export class AgentWebhooks {
  private readonly logger = new Logger('Agents');

  constructor(
    private readonly store: AgentStore,
    private readonly keys: ApiKeys,
    private readonly outbox: Outbox,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** Those of these agents who have an address, with opened secrets. */
  async of(ids: readonly string[]): Promise<Map<string, WebhookAddress>> {
    const now = this.clock.now();
    const agents = await this.store.withWebhook(ids);
    return new Map(
      agents.flatMap((agent) => {
        const { id, webhookUrl, webhookStatus } = agent;
        if (webhookUrl === null || webhookStatus === 'none') return [];
        const secrets = this.opened(agent, now);
        return [[id, { agentId: id, url: webhookUrl, status: webhookStatus, secrets }]];
      }),
    );
  }

  /** What changes with the owner's wish, in the transaction that stores it; announces a ping where one is due. */
  async wish(tx: Tx, agent: Agent, wish: WebhookWish): Promise<Partial<Agent>> {
    if (wish.webhookUrl === undefined && wish.webhookEnabled === undefined) return {};
    const changed = webhookAfter(agent, wish);
    if (changed.webhookUrl === null && wish.webhookEnabled !== undefined) throw new WebhookUrlMissing();
    await this.forgetIfSwitched(tx, agent, changed.webhookStatus);
    // Also when it was being verified already: that ping went to another address, or its answer takes too long.
    if (changed.webhookStatus === 'verifying') {
      this.outbox.record(tx, webhookVerifying(agent.id));
    }
    return changed;
  }

  /** Takes note of what using the webhook has shown; false when it is no news, or about an address that is gone. */
  async setStatus(tx: Tx, id: string, outcome: WebhookOutcome): Promise<boolean> {
    const agent = await this.store.lock(tx, id);
    const { status, url, reason = '', failedEvent = null } = outcome;
    const isNews = agent.webhookUrl === url && ['active', 'verifying'].includes(agent.webhookStatus);
    if (!isNews || agent.webhookStatus === status) return false;
    await this.store.update(tx, id, {
      webhookStatus: status,
      webhookDisabledReason: status === 'disabled' ? reason : null,
      webhookFailedEvent: status === 'disabled' ? failedEvent : null,
      updatedAt: this.clock.now(),
    });
    await this.forgetIfSwitched(tx, agent, status);
    if (status === 'disabled') this.outbox.record(tx, webhookDisabled(id, reason, failedEvent));
    this.logger.log({ msg: `webhook ${status}`, agentId: id, reason });
    return true;
  }

  /** The secret of an address is made once and outlives changes of the address. */
  async giveSecret(tx: Tx, id: string): Promise<string> {
    const secret = freshSecret();
    await this.store.update(tx, id, { webhookSecret: this.sealer.seal(secret, contextOf(id)) });
    return secret;
  }

  /** For the overlap both secrets sign. A secret that cannot be read any more signs nothing and is replaced at once. */
  async rotateSecret(tx: Tx, id: string, overlapHours: number): Promise<RotatedSecret> {
    const agent = await this.store.lock(tx, id);
    if (!agent.webhookSecret) throw new WebhookUrlMissing();
    const now = this.clock.now();
    if (isRotating(agent, now)) throw new RotationInProgress(agent.webhookOverlapEndsAt!);
    const secret = freshSecret();
    const sealed = this.sealer.seal(secret, contextOf(id));
    const hasOverlap = overlapHours > 0 && this.opened(agent, now) !== undefined;
    const overlapEndsAt = hasOverlap ? after(now, overlapHours * HOUR_MS) : null;
    await this.store.update(tx, id, {
      // An overlap that has passed by itself is put in order only now.
      webhookSecret: hasOverlap ? signingSecrets(agent, now)[0] : sealed,
      webhookNextSecret: hasOverlap ? sealed : null,
      webhookOverlapEndsAt: overlapEndsAt,
      updatedAt: now,
    });
    this.logger.log({ msg: 'webhook secret rotated', agentId: id, overlapHours });
    return { secret, overlapEndsAt };
  }

  /** Ends the overlap: from now on the new secret alone signs. */
  async activateSecret(tx: Tx, id: string): Promise<Date> {
    const agent = await this.store.lock(tx, id);
    const now = this.clock.now();
    if (!isRotating(agent, now)) throw new NoRotationInProgress();
    await this.store.update(tx, id, {
      webhookSecret: agent.webhookNextSecret,
      webhookNextSecret: null,
      webhookOverlapEndsAt: null,
      updatedAt: now,
    });
    this.logger.log({ msg: 'webhook secret activated', agentId: id });
    return now;
  }

  /** The header that warns of a webhook that is off comes with what is cached of the agent's key. */
  private async forgetIfSwitched(tx: Tx, agent: Agent, status: WebhookStatus): Promise<void> {
    if ((agent.webhookStatus === 'disabled') !== (status === 'disabled')) {
      await this.keys.forget(tx, agent.id);
    }
  }

  private opened(agent: Agent, now: Date): string[] | undefined {
    try {
      const secrets = signingSecrets(agent, now).map((sealed) =>
        this.sealer.open(sealed, contextOf(agent.id)),
      );
      return secrets.length === 0 ? undefined : secrets;
    } catch (error) {
      if (error instanceof Unreadable) return undefined;
      throw error;
    }
  }
}

/** The part behind the prefix is base64, as Standard Webhooks has it. */
const freshSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

const contextOf = (id: string): string => `webhook-secret:${id}`;
