import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { InvalidFields } from '#kernel/errors/kernel.errors';
import { newEventId } from '#kernel/ids';
import { AgentsService, WebhookUrlMissing } from '#modules/agents';
import { AgentEvents } from '#platform/messaging';
import { DeliveryLogStore } from '../persistence/delivery-log.store.js';
import { type Sent, WebhookSender } from '../sending/webhook-sender.js';
import { bodySignatures, payloadText, signedBody } from '../signing/payload.js';
import { WebhookNotActive, WebhookTestRunning } from '../webhooks.errors.js';
import { PING } from '../webhooks.events.js';

export interface Tested {
  id: string;
  url: string;
  payload: string;
  body: string;
  sent: Sent;
}

/** Sends a signed sample at once and shows everything that its signatures cover. It is not a delivery and is not logged. */
@Injectable()
export class WebhookTest {
  private readonly running = new Set<string>();

  constructor(
    private readonly agents: AgentsService,
    private readonly log: DeliveryLogStore,
    private readonly sender: WebhookSender,
    private readonly events: AgentEvents,
    private readonly clock: Clock,
  ) {}

  /** Whatever the status: a webhook that is off is what one wants to try out. */
  async run(agentId: string, event: string): Promise<Tested> {
    this.check(event);
    const address = (await this.agents.webhookOf([agentId])).get(agentId);
    if (!address) throw new WebhookUrlMissing();
    const { url, secrets, status } = address;
    if (!secrets) throw new WebhookNotActive(status);
    const id = newEventId();
    const payload = payloadText({ id, event, at: this.clock.now(), data: await this.sample(agentId, event) });
    const body = signedBody(payload, bodySignatures(secrets, payload));
    const sent = await this.oneAtATime(agentId, () => this.sender.send({ url, id, body, secrets }));
    return { id, url, payload, body, sent };
  }

  private check(event: string): void {
    const known = [...this.events.names(), PING];
    if (known.includes(event)) return;
    const message = `event must be one of ${known.join(', ')}.`;
    throw new InvalidFields([{ in: 'body', pointer: '/event', rule: 'known_event', message }]);
  }

  /** What the agent was last told under this name, so that the sample has the shape of the real thing. */
  private async sample(agentId: string, event: string): Promise<object> {
    const payload = await this.log.latestPayload(agentId, event);
    const { data = {} } = payload === undefined ? {} : (JSON.parse(payload) as { data?: object });
    return { agent_id: agentId, ...data, sample: true };
  }

  private async oneAtATime(agentId: string, send: () => Promise<Sent | undefined>): Promise<Sent> {
    if (this.running.has(agentId)) throw new WebhookTestRunning();
    this.running.add(agentId);
    try {
      const sent = await send();
      // It was given up because this server stops; another one answers the next call.
      if (!sent) throw new WebhookTestRunning();
      return sent;
    } finally {
      this.running.delete(agentId);
    }
  }
}
