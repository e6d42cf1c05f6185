import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { toJson } from '#kernel/money';
import type { Tx } from '#kernel/tx';
import type { Agent } from '#modules/agents';
import { PointsService, STARTER_BONUS } from '#modules/points';
import { NextActions } from '#platform/http';
import { type Standing, VerificationService } from './verification.service.js';
import type { VerificationConfirmed, VerificationStatus } from './verification.view.js';

/** Verification as it goes over the wire. */
@Injectable()
export class VerificationPresenter {
  constructor(
    private readonly verification: VerificationService,
    private readonly points: PointsService,
    private readonly nextActions: NextActions,
  ) {}

  async status(me: Caller): Promise<VerificationStatus> {
    const standing: Standing = await this.verification.standing(me.id);
    const { agent, challenge, lastError } = standing;
    return {
      status: agent.status,
      verified_at: agent.verifiedAt?.toISOString() ?? null,
      challenge: challenge ? { expires_at: challenge.expiresAt.toISOString() } : null,
      last_error: lastError,
      next_actions: await this.nextActions.of('verification', standing, me),
    };
  }

  async confirmed(tx: Tx, { id, status, verifiedAt }: Agent): Promise<VerificationConfirmed> {
    const balance = await this.points.balanceIn(tx, id);
    return {
      status,
      verified_at: verifiedAt!.toISOString(),
      balance: toJson(balance.points),
      bonus: toJson(STARTER_BONUS.verified),
    };
  }
}
