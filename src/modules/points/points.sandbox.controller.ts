import { Body, Controller, Post } from '@nestjs/common';
import { newRequestId } from '#kernel/ids';
import { moneyFromJson, toJson } from '#kernel/money';
import { Public, Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { GrantPoints } from './points.dto.js';
import { AccountNotFound, IssuerHasNoBalance } from './points.errors.js';
import { PointsService } from './points.service.js';
import { PointsGranted } from './points.view.js';

@Section('Sandbox')
@Public()
@Controller('v1/sandbox/points')
export class PointsSandboxController {
  constructor(
    private readonly points: PointsService,
    private readonly once: OnceRunner,
  ) {}

  /** Give an agent points, out of nothing */
  @Post('grant')
  @Refuses(AccountNotFound, IssuerHasNoBalance)
  grant(
    @IdempotentRequest() once: Once,
    @Body() { agent_id: agentId, amount }: GrantPoints,
  ): Promise<PointsGranted> {
    const granted = moneyFromJson('points', amount)!;
    return this.once.run(
      once,
      (tx) => this.points.sandboxGrant(tx, { agentId, amount: granted, cause: newRequestId() }),
      async (tx, { movementId }) => ({
        movement_id: movementId,
        agent_id: agentId,
        amount,
        balance_points: toJson((await this.points.balanceIn(tx, agentId)).points),
      }),
    );
  }
}
