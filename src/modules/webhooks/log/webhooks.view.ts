import { ApiProperty } from '@nestjs/swagger';
import { NextAction } from '#platform/http';
import type { LoggedDelivery } from '../persistence/delivery-log.store.js';
import type { DeliveryState } from '../persistence/delivery.store.js';
import { signedBody } from '../signing/payload.js';
import { standardText } from '../signing/signatures.js';
import { PING } from '../webhooks.events.js';
import type { Replayed } from './redelivery.service.js';
import type { Tested } from './webhook-test.service.js';

export class WebhookAttempt {
  /** @example 2026-03-12T18:00:00.000Z */
  at: string;
  /**
   * The HTTP status, when there was an answer.
   * @example 503
   */
  status: number | null;
  /** @example 41 */
  ms: number;
  /**
   * What kind of failure; null for success.
   * @example server_error
   */
  error: string | null;
  /**
   * The beginning of the answer.
   * @example "upstream is down"
   */
  answer: string | null;
}

export class WebhookDelivery {
  /**
   * The id of the event, and the `webhook-id` of every attempt.
   * @example evt_5w1f0q9x7c3k2m8v4b6n
   */
  id: string;
  /** @example points.received */
  event: string;
  /** @example pending */
  state: DeliveryState;
  /** @example 2026-03-12T18:00:00.000Z */
  created_at: string;
  /** @example 2026-03-12T18:00:05.000Z */
  next_attempt_at: string | null;
  /** @example 2026-03-12T18:05:35.000Z */
  finished_at: string | null;
  /** Oldest first; the latest 20. */
  attempts: WebhookAttempt[];
}

export class WebhookDeliveryDetail extends WebhookDelivery {
  /**
   * The exact bytes; null for a delivery that was never scheduled.
   */
  @ApiProperty({
    example:
      '{"data":{},"event":"points.received","id":"evt_5w1f0q9x7c3k2m8v4b6n","signature":"sha256=…","timestamp":"2026-03-12T18:00:00.000Z","type":"points.received"}',
  })
  body: string | null;
  next_actions: NextAction[];
}

export class WebhookDeliveries {
  data: WebhookDelivery[];
  next_cursor: string | null;
}

export class DeliveriesReplayed {
  /**
   * How many deliveries were scheduled, the oldest first.
   * @example 12
   */
  replayed: number;
  /**
   * There were more than 1,000: replay again once these are delivered.
   * @example false
   */
  has_more: boolean;
}

/** The two texts that were signed. */
export class SignedTexts {
  /**
   * The payload without its signatures, as RFC 8785 prints it: HMAC-SHA256 of it, keyed with the secret as shown, is the
   * body's `signature`.
   */
  @ApiProperty({
    example:
      '{"data":{"sample":true},"event":"webhook.ping","id":"evt_5w1f0q9x7c3k2m8v4b6n","timestamp":"2026-03-12T18:00:00.000Z","type":"webhook.ping"}',
  })
  body: string;
  /**
   * `webhook-id.webhook-timestamp.body`: HMAC-SHA256 of it, keyed with the bytes of the base64 behind `whsec_`, is what
   * `webhook-signature` shows.
   */
  @ApiProperty({
    example: 'evt_5w1f0q9x7c3k2m8v4b6n.1773338400.{"data":{…}}',
  })
  standard: string;
}

export class WebhookTested {
  /** @example evt_5w1f0q9x7c3k2m8v4b6n */
  id: string;
  /** @example https://my-agent.example.com/webhooks/exchange */
  url: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 'webhook-id': 'evt_5w1f0q9x7c3k2m8v4b6n', 'webhook-timestamp': '1773338400' },
  })
  headers: Record<string, string>;
  /**
   * The very bytes that were sent.
   */
  @ApiProperty({
    example: '{"data":{"sample":true},…}',
  })
  body: string;
  signed: SignedTexts;
  attempt: WebhookAttempt;
}

export const toDelivery = (delivery: LoggedDelivery): WebhookDelivery => ({
  id: delivery.eventId,
  event: delivery.event,
  state: delivery.state,
  created_at: delivery.createdAt.toISOString(),
  next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
  finished_at: delivery.finishedAt?.toISOString() ?? null,
  attempts: delivery.attempts.map(({ at, status, ms, error, answer }) => ({
    at: new Date(at).toISOString(),
    status,
    ms,
    error,
    answer,
  })),
});

export const toDeliveryDetail = (delivery: LoggedDelivery, by: string): WebhookDeliveryDetail => ({
  ...toDelivery(delivery),
  body: delivery.signatures && signedBody(delivery.payload, delivery.signatures),
  next_actions: delivery.state === 'pending' || delivery.event === PING ? [] : [redelivery(delivery, by)],
});

const redelivery = ({ eventId }: LoggedDelivery, by: string): NextAction => ({
  action: 'redeliver',
  method: 'POST',
  href: `/v1/agents/me/webhooks/deliveries/${eventId}/redeliver`,
  by,
});

export const toReplayed = ({ count, hasMore }: Replayed): DeliveriesReplayed => ({
  replayed: count,
  has_more: hasMore,
});

export const toTested = ({ id, url, payload, body, sent }: Tested): WebhookTested => ({
  id,
  url,
  headers: sent.headers,
  body,
  signed: { body: payload, standard: standardText(sent.stamp, body) },
  attempt: { ...sent.attempt, at: sent.attempt.at.toISOString() },
});
