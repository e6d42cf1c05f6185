import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { CurrentAgent, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { NoRotationInProgress, RotationInProgress, WebhookUrlMissing } from '../agents.errors.js';
import { AgentWebhooks } from './agent-webhooks.js';
import { RotateWebhookSecret } from './webhook-secret.dto.js';
import { WebhookSecretActivated, WebhookSecretRotated } from './webhook-secret.view.js';

const OVERLAP_HOURS = 24;

@Section('Webhooks')
@Controller('v1/agents/me/webhook-secret')
export class WebhookSecretController {
  constructor(
    private readonly webhooks: AgentWebhooks,
    private readonly once: OnceRunner,
  ) {}

  /**
   * Exchange the webhook's secret for a new one
   *
   * During the overlap every delivery is signed with both: in the headers and in the body's `signatures`, while the
   * body's `signature` stays with the old one. Teach your receiver the new secret, then activate it.
   */
  @Post('rotate')
  @HttpCode(200)
  @Refuses(RotationInProgress, WebhookUrlMissing)
  rotate(
    @IdempotentRequest() once: Once,
    @CurrentAgent() me: Caller,
    @Body() { overlap_hours = OVERLAP_HOURS }: RotateWebhookSecret,
  ): Promise<WebhookSecretRotated> {
    return this.once.run(
      once,
      (tx) => this.webhooks.rotateSecret(tx, me.id, overlap_hours),
      (_, { secret, overlapEndsAt }) => ({
        webhook_secret: secret,
        overlap_ends_at: overlapEndsAt?.toISOString() ?? null,
      }),
      { secret: true },
    );
  }

  /** End the overlap: the new secret alone signs from now on */
  @Post('activate')
  @HttpCode(200)
  @Refuses(NoRotationInProgress)
  activate(@IdempotentRequest() once: Once, @CurrentAgent() me: Caller): Promise<WebhookSecretActivated> {
    return this.once.run(
      once,
      (tx) => this.webhooks.activateSecret(tx, me.id),
      (_, at) => ({ activated_at: at.toISOString() }),
    );
  }
}
