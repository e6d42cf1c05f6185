import { Injectable, Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Clock } from '#kernel/clock';
import { Sealer, Unreadable } from '#kernel/sealing';
import type { Tx } from '#kernel/tx';
import type { Agent, WebhookStatus } from '../domain/agent.js';
import { reportWebhook, type WebhookOutcome } from '../domain/report-webhook.js';
import { activateSecret, rotateSecret } from '../domain/webhook-secret.js';
import { signingSecrets } from '../domain/webhook.js';
import { AgentStore } from '../persistence/agent.store.js';
import { RegistryService } from '../registry/registry.service.js';

/** Where an agent is told of news, and with which secrets. */
export interface WebhookAddress {
  agentId: string;
  url: string;
  status: Exclude<WebhookStatus, 'none'>;
  /** As shown to the owner; the first makes the body's `signature`. Undefined: sealed with a key that is gone. */
  secrets: readonly string[] | undefined;
}

/** A secret as its owner sees it once, and as the row keeps it. */
export interface FreshSecret {
  text: string;
  sealed: Buffer;
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
    private readonly registry: RegistryService,
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

  /** Records the result of using the webhook; false when it changes nothing. */
  async report(tx: Tx, id: string, outcome: WebhookOutcome): Promise<boolean> {
    const change = await this.registry.act(tx, this.store.lock(tx, id), (agent, at) =>
      reportWebhook(agent, outcome, at),
    );
    if (!change) return false;
    this.logger.log({ msg: `webhook ${outcome.status}`, agentId: id, reason: outcome.reason ?? '' });
    return true;
  }

  freshSecret(id: string): FreshSecret {
    // The part behind the prefix is base64, as Standard Webhooks has it.
    const text = `whsec_${randomBytes(24).toString('base64')}`;
    return { text, sealed: this.sealer.seal(text, contextOf(id)) };
  }

  async rotateSecret(tx: Tx, id: string, overlapHours: number): Promise<RotatedSecret> {
    const { text, sealed } = this.freshSecret(id);
    const { agent } = await this.registry.act(tx, this.store.lock(tx, id), (before, at) => {
      const canOpenCurrent = this.opened(before, at) !== undefined;
      return rotateSecret(before, { sealed, overlapHours, canOpenCurrent }, at);
    });
    this.logger.log({ msg: 'webhook secret rotated', agentId: id, overlapHours });
    return { secret: text, overlapEndsAt: agent.webhookOverlapEndsAt };
  }

  async activateSecret(tx: Tx, id: string): Promise<Date> {
    const { agent } = await this.registry.act(tx, this.store.lock(tx, id), activateSecret);
    this.logger.log({ msg: 'webhook secret activated', agentId: id });
    return agent.updatedAt;
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

const contextOf = (id: string): string => `webhook-secret:${id}`;
