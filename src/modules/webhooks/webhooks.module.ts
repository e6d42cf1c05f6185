import { Module } from '@nestjs/common';
import { AgentsModule } from '#modules/agents';
import { Redelivery } from './log/redelivery.service.js';
import { WebhookTest } from './log/webhook-test.service.js';
import { WebhooksController } from './log/webhooks.controller.js';
import { DeliveryLogStore } from './persistence/delivery-log.store.js';
import { DeliveryStore } from './persistence/delivery.store.js';
import { EndpointStore } from './persistence/endpoint.store.js';
import { WebhookLogRetention } from './retention.due.js';
import { DeliveryPump } from './sending/delivery-pump.js';
import { EndpointOff } from './sending/endpoint-off.js';
import { EndpointTurns } from './sending/endpoint-turns.js';
import { WebhookDeliveriesDue } from './sending/webhook-deliveries.due.js';
import { WebhookSender } from './sending/webhook-sender.js';
import { WebhooksSubscriber } from './webhooks.subscriber.js';

@Module({
  imports: [AgentsModule],
  controllers: [WebhooksController],
  providers: [
    WebhooksSubscriber,
    DeliveryPump,
    EndpointTurns,
    EndpointOff,
    WebhookSender,
    WebhookDeliveriesDue,
    WebhookLogRetention,
    Redelivery,
    WebhookTest,
    EndpointStore,
    DeliveryStore,
    DeliveryLogStore,
  ],
})
export class WebhooksModule {}
