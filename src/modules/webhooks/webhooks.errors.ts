import { DomainError } from '#kernel/errors/domain-error';

export class DeliveryNotFound extends DomainError {
  static override readonly kind = 'absent';
  static override readonly hint =
    'GET /v1/agents/me/webhooks/deliveries lists them by the ids of their events. The log goes back 30 days.';

  constructor(eventId: string) {
    super(`No delivery of ${eventId.slice(0, 40)} is in your log.`, { event_id: eventId.slice(0, 40) });
  }
}

export class WebhookNotActive extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'PATCH /v1/agents/me with webhook_enabled: true. Once the ping is answered, send this again.';
  static readonly example = (): DomainError => new WebhookNotActive('disabled');

  constructor(status: string) {
    super(`The webhook is ${status}.`, { webhook_status: status });
  }
}

export class PingNotRepeatable extends DomainError {
  static override readonly kind = 'conflict';
  static override readonly hint =
    'POST /v1/agents/me/webhook/test sends another one; enabling the webhook does too.';

  constructor() {
    super('A ping is not sent again.');
  }
}

export class WebhookTestRunning extends DomainError {
  static override readonly kind = 'conflict';

  constructor() {
    super('A test of this webhook is still under way.');
  }

  override get retryAfterS(): number {
    return 1;
  }
}
