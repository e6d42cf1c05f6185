import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { OperatorIdentity } from '#kernel/caller';
import { Clock } from '#kernel/clock';
import { minus, money, moneyFromJson, toJson, type Money } from '#kernel/money';
import { AuditLog, CurrentOperator, Operator } from '#modules/operators';
import { Refuses, Section } from '#platform/http';
import { IdempotentRequest, OnceRunner, type Once } from '#platform/idempotency';
import { LedgerAudit } from './audit.service.js';
import { AdjustPoints, RebuildBalances, VerifyLedger } from './points.dto.js';
import { AccountNotFound, InsufficientBalance, IssuerHasNoBalance } from './points.errors.js';
import { PointsService } from './points.service.js';
import { BalancesRebuilt, LedgerVerified, PointsGranted, toRebuilt, toVerified } from './points.view.js';

@Section('Ledger', 'Checking the ledger, and the few ways in which operators change it.')
@Controller('v1/admin')
export class PointsAdminController {
  constructor(
    private readonly points: PointsService,
    private readonly ledger: LedgerAudit,
    private readonly audit: AuditLog,
    private readonly once: OnceRunner,
    private readonly clock: Clock,
  ) {}

  /** Give an agent points, or take them */
  @Post('points/adjust')
  @Operator('admin')
  @Refuses(AccountNotFound, InsufficientBalance, IssuerHasNoBalance)
  adjust(
    @IdempotentRequest() once: Once,
    @CurrentOperator() operator: OperatorIdentity,
    @Body() { agent_id: agentId, amount, reason }: AdjustPoints,
  ): Promise<PointsGranted> {
    return this.once.run(
      once,
      async (tx) => {
        const act = { operator, act: 'points.adjust', subject: agentId, reason, details: { amount } };
        const cause = await this.audit.write(tx, act);
        return this.points.adjust(tx, signed(amount), { agentId, cause, memo: reason.slice(0, 280) });
      },
      async (tx, { movementId }) => ({
        movement_id: movementId,
        agent_id: agentId,
        amount,
        balance_points: toJson((await this.points.balanceIn(tx, agentId)).points),
      }),
    );
  }

  /** Check every balance, escrow and movement against the log; nothing is repaired */
  @Post('ledger/verify')
  @HttpCode(200)
  @Operator('operator')
  async verify(
    @CurrentOperator() operator: OperatorIdentity,
    @Body() { full = false, reason }: VerifyLedger,
  ): Promise<LedgerVerified> {
    await this.audit.note({ operator, act: 'ledger.verify', subject: 'ledger', reason, details: { full } });
    return toVerified(await this.ledger.verify({ full, at: this.clock.now() }));
  }

  /** Set cached balances back to what the log says; without `dry_run: false` it only tells which */
  @Post('ledger/rebuild-balances')
  @HttpCode(200)
  @Operator('admin')
  async rebuild(
    @CurrentOperator() operator: OperatorIdentity,
    @Body() { dry_run: dryRun = true, reason }: RebuildBalances,
  ): Promise<BalancesRebuilt> {
    const details = { dry_run: dryRun };
    await this.audit.note({ operator, act: 'ledger.rebuild_balances', subject: 'ledger', reason, details });
    return toRebuilt(dryRun, await this.ledger.rebuildBalances({ dryRun }));
  }
}

function signed(amount: number): Money {
  const size = moneyFromJson('points', Math.abs(amount))!;
  return amount < 0 ? minus(money('points', 0n), size) : size;
}
