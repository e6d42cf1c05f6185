import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { AgentsService, type WebhookAddress } from '#modules/agents';
import { UnitOfWork } from '#platform/database';
import { DeliveryStore } from '../persistence/delivery.store.js';
import { NO_EVENT } from '../webhooks.events.js';

/** Turns an endpoint off, never silently: its status says why, and its agent's inbox. */
@Injectable()
export class EndpointOff {
  constructor(
    private readonly agents: AgentsService,
    private readonly deliveries: DeliveryStore,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** What still waits is skipped: it stays in the log, where a replay finds it. */
  async disable({ agentId, url }: WebhookAddress, reason: string, failedEvent?: string): Promise<void> {
    await this.work.run(async (tx) => {
      const outcome = { url, status: 'disabled' as const, reason, failedEvent };
      const isOff = await this.agents.setWebhookStatus(tx, agentId, outcome);
      if (isOff) await this.deliveries.skip(tx, agentId, NO_EVENT, this.clock.now());
    });
  }

  /** It was sealed with another key than the server has now. */
  unreadable(address: WebhookAddress): Promise<void> {
    return this.disable(address, 'Its secret cannot be read any more: rotate it, then enable the webhook.');
  }
}
