import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import type { Tx } from '#kernel/tx';
import { AgentsService, type WebhookAddress, WebhookUrlMissing } from '#modules/agents';
import { Wakeups } from '#platform/messaging';
import { DeliveryLogStore, type LoggedDelivery, type Selection } from '../persistence/delivery-log.store.js';
import { EndpointStore } from '../persistence/endpoint.store.js';
import { WEBHOOKS_CHANNEL } from '../sending/delivery-pump.js';
import { bodySignatures } from '../signing/payload.js';
import { DeliveryNotFound, PingNotRepeatable, WebhookNotActive } from '../webhooks.errors.js';
import { PING } from '../webhooks.events.js';

export const REPLAYED_AT_ONCE = 1_000;

export interface Replayed {
  count: number;
  /** There were more than fit into one replay. */
  hasMore: boolean;
}

/** Puts deliveries on the list once more: the same ids, the same bytes, a new round of attempts. */
@Injectable()
export class Redelivery {
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly log: DeliveryLogStore,
    private readonly endpoints: EndpointStore,
    private readonly agents: AgentsService,
    private readonly wakeups: Wakeups,
    private readonly clock: Clock,
  ) {}

  /** One that still waits for an attempt is left as it is. */
  async redeliver(tx: Tx, agentId: string, eventId: string): Promise<LoggedDelivery> {
    const delivery = await this.log.find(agentId, eventId, tx);
    if (!delivery) throw new DeliveryNotFound(eventId);
    if (delivery.event === PING) throw new PingNotRepeatable();
    await this.replay(tx, agentId, { ids: [eventId] });
    return (await this.log.find(agentId, eventId, tx))!;
  }

  async replay(tx: Tx, agentId: string, selection: Selection): Promise<Replayed> {
    const { secrets } = await this.active(agentId);
    const selected = await this.log.select(tx, agentId, selection, PING, REPLAYED_AT_ONCE + 1);
    const rows = selected.slice(0, REPLAYED_AT_ONCE);
    if (rows.length > 0) {
      const now = this.clock.now();
      const signed = rows.map((row) => ({
        ...row,
        signatures: row.signatures ?? bodySignatures(secrets, row.payload),
      }));
      await this.log.relist(tx, signed, now);
      await this.endpoints.enlist(tx, [agentId], now);
      tx.afterCommit(() => this.wakeups.wake(WEBHOOKS_CHANNEL));
    }
    this.logger.log({ msg: 'deliveries put on the list again', agentId, count: rows.length });
    return { count: rows.length, hasMore: selected.length > REPLAYED_AT_ONCE };
  }

  private async active(agentId: string): Promise<WebhookAddress & { secrets: readonly string[] }> {
    const address = (await this.agents.webhookOf([agentId])).get(agentId);
    if (!address) throw new WebhookUrlMissing();
    const { secrets } = address;
    if (address.status !== 'active' || !secrets) throw new WebhookNotActive(address.status);
    return { ...address, secrets };
  }
}
