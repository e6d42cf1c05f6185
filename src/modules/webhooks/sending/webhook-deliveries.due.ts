import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { EndpointStore } from '../persistence/endpoint.store.js';
import { DeliveryPump } from './delivery-pump.js';

/** First attempts, retries and pings, as the due work that they are: moving the clock runs them. */
@Injectable()
@DueWork('webhook-deliveries')
export class WebhookDeliveriesDue implements DueWorker {
  constructor(
    private readonly endpoints: EndpointStore,
    private readonly pump: DeliveryPump,
    private readonly settings: Settings,
  ) {}

  /** What is being sent just now counts as due, so that nobody moves the clock past its retry. */
  nextDue(): Promise<Date | null> {
    return this.endpoints.nextDue();
  }

  /** Only someone who moves the clock waits: the pump goes on by itself, and a receiver may take its time. */
  async run(at: Date): Promise<void> {
    this.pump.kick();
    if (this.settings.sandbox) await this.pump.settled(at);
  }
}
