import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { AgentsService, type WebhookAddress } from '#modules/agents';
import { UnitOfWork } from '#platform/database';
import { Wakeups, type RecordedEvent, OnEveryEvent } from '#platform/messaging';
import { DeliveryStore, type NewDelivery } from './persistence/delivery.store.js';
import { EndpointStore } from './persistence/endpoint.store.js';
import { WEBHOOKS_CHANNEL } from './sending/delivery-pump.js';
import { EndpointOff } from './sending/endpoint-off.js';
import { bodySignatures, payloadText } from './signing/payload.js';
import { INBOX_ALONE, PING } from './webhooks.events.js';

/** Puts a delivery on the list for each agent in the audience of an event. */
@Injectable()
export class WebhooksSubscriber {
  constructor(
    private readonly agents: AgentsService,
    private readonly deliveries: DeliveryStore,
    private readonly endpoints: EndpointStore,
    private readonly endpointOff: EndpointOff,
    private readonly work: UnitOfWork,
    private readonly wakeups: Wakeups,
    private readonly clock: Clock,
  ) {}

  /** Idempotent: an event that comes again finds its deliveries there. */
  @OnEveryEvent({ subscriber: 'webhooks' })
  async deliver(events: readonly RecordedEvent[]): Promise<void> {
    const told = events.flatMap(toldOf);
    if (told.length === 0) return;
    const addresses = await this.agents.webhookOf([...new Set(told.map(({ agentId }) => agentId))]);
    const wanted = told.flatMap(({ event, agentId }) => {
      const address = addresses.get(agentId);
      return address ? deliveryOf(event, address) : [];
    });
    if (wanted.length === 0) return;
    for (const address of addresses.values())
      if (!address.secrets) await this.endpointOff.unreadable(address);
    const now = this.clock.now();
    await this.work.run(async (tx) => {
      const owing = await this.deliveries.insert(tx, wanted, now);
      if (owing.length === 0) return;
      await this.endpoints.enlist(tx, owing, now);
      tx.afterCommit(() => this.wakeups.wake(WEBHOOKS_CHANNEL));
    });
  }
}

const toldOf = (event: RecordedEvent): { event: RecordedEvent; agentId: string }[] => {
  if (INBOX_ALONE.has(event.name)) return [];
  const agents = event.name === 'webhook.verifying' ? [event.subject] : event.audience;
  return agents.map((agentId) => ({ event, agentId }));
};

function deliveryOf(event: RecordedEvent, { agentId, status, secrets }: WebhookAddress): NewDelivery[] {
  const isPing = event.name === 'webhook.verifying';
  // It was turned off again, or is long on, by the time this is read.
  if (isPing && status !== 'verifying') return [];
  const name = isPing ? PING : event.name;
  const payload = payloadText({ ...event, event: name, seq: event.seqs[agentId] });
  const isOwed = isPing || status === 'active';
  const signatures = isOwed && secrets ? bodySignatures(secrets, payload) : null;
  return [{ agentId, eventId: event.id, event: name, payload, signatures }];
}
