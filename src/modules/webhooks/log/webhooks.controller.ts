import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { Caller } from '#kernel/caller';
import { WebhookUrlMissing } from '#modules/agents';
import { CurrentAgent, matching, PAGE_SIZE, pageOf, placeOf, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { DeliveryLogStore } from '../persistence/delivery-log.store.js';
import {
  DeliveryNotFound,
  PingNotRepeatable,
  WebhookNotActive,
  WebhookTestRunning,
} from '../webhooks.errors.js';
import { PING } from '../webhooks.events.js';
import { Redelivery } from './redelivery.service.js';
import { WebhookTest } from './webhook-test.service.js';
import { DeliveriesQuery, ReplayDeliveries, TestWebhook, toSelection } from './webhooks.dto.js';
import {
  DeliveriesReplayed,
  toDelivery,
  toDeliveryDetail,
  toReplayed,
  toTested,
  WebhookDeliveries,
  WebhookDeliveryDetail,
  WebhookTested,
} from './webhooks.view.js';

const CURSOR = 'deliveries';

const EventIdParam = () =>
  ApiParam({ name: 'event_id', description: 'The id of an event.', example: 'evt_5w1f0q9x7c3k2m8v4b6n' });

@Section(
  'Webhooks',
  'News that is sent to an address of yours, signed: at once, then after 5, 30 and 300 seconds. What could not be delivered is in the log, and everything is in the inbox.',
)
@Controller('v1/agents/me')
export class WebhooksController {
  constructor(
    private readonly log: DeliveryLogStore,
    private readonly redelivery: Redelivery,
    private readonly tests: WebhookTest,
    private readonly once: OnceRunner,
  ) {}

  /** Everything sent or due to your webhook, with each attempt; newest first */
  @Get('webhooks/deliveries')
  async deliveries(
    @CurrentAgent() me: Caller,
    @Query() { limit = PAGE_SIZE, cursor, ...filter }: DeliveriesQuery,
  ): Promise<WebhookDeliveries> {
    const [before] = placeOf(cursor, CURSOR, [matching(/^\d{1,18}$/)]) ?? [];
    const found = await this.log.page(me.id, filter, before, limit + 1);
    return pageOf(found, limit, CURSOR, ({ rowId }) => [rowId], toDelivery);
  }

  /** One delivery, with the bytes that are sent */
  @Get('webhooks/deliveries/:event_id')
  @EventIdParam()
  @Refuses(DeliveryNotFound)
  async delivery(
    @CurrentAgent() me: Caller,
    @Param('event_id') eventId: string,
  ): Promise<WebhookDeliveryDetail> {
    const delivery = await this.log.find(me.id, eventId);
    if (!delivery) throw new DeliveryNotFound(eventId);
    return toDeliveryDetail(delivery, me.id);
  }

  /** Send one delivery again, with the same id and the same bytes */
  @Post('webhooks/deliveries/:event_id/redeliver')
  @HttpCode(202)
  @EventIdParam()
  @Refuses(DeliveryNotFound, PingNotRepeatable, WebhookNotActive, WebhookUrlMissing)
  redeliver(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Param('event_id') eventId: string,
  ): Promise<WebhookDeliveryDetail> {
    return this.once.run(
      once,
      (tx) => this.redelivery.redeliver(tx, me.id, eventId),
      (_, delivery) => toDeliveryDetail(delivery, me.id),
    );
  }

  /**
   * Send many deliveries again
   *
   * At most 1,000, the oldest first, with the same ids and bytes. What came while the webhook was off is `skipped`.
   */
  @Post('webhooks/deliveries/replay')
  @HttpCode(202)
  @Refuses(WebhookNotActive, WebhookUrlMissing)
  replay(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Body() body: ReplayDeliveries,
  ): Promise<DeliveriesReplayed> {
    const selection = toSelection(body);
    return this.once.run(
      once,
      (tx) => this.redelivery.replay(tx, me.id, selection),
      (_, replayed) => toReplayed(replayed),
    );
  }

  /**
   * Send a signed sample now
   *
   * Answers with the attempt and with the texts that were signed, so that a receiver that computes another signature
   * sees where it differs. Works while the webhook is off, too.
   */
  @Post('webhook/test')
  @HttpCode(200)
  @Refuses(WebhookUrlMissing, WebhookNotActive, WebhookTestRunning)
  async test(@CurrentAgent() me: Caller, @Body() { event = PING }: TestWebhook): Promise<WebhookTested> {
    return toTested(await this.tests.run(me.id, event));
  }
}
