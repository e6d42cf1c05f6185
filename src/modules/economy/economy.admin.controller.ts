import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { OperatorIdentity } from '#kernel/caller';
import { Clock, DAY_MS, periodStart, utcDay } from '#kernel/clock';
import { toJson } from '#kernel/money';
import { AuditLog, CurrentOperator, Operator } from '#modules/operators';
import { Refuses, Section } from '#platform/http';
import { Decay } from './decay.service.js';
import { DecayAct, DecayDone, EmissionAct, EmissionPaid, EmissionPlanned } from './economy.dto.js';
import { DayNotPayable, StepAlreadyDone, StepNotDue } from './economy.errors.js';
import { Emission } from './emission.service.js';

@Section('Economy', 'Emission and decay: what would happen, and running it by hand.')
@Controller('v1/admin/economy')
export class EconomyAdminController {
  constructor(
    private readonly emission: Emission,
    private readonly decay: Decay,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** What a day's emission would pay, as things stand */
  @Post('emission/preview')
  @HttpCode(200)
  @Operator('operator')
  async previewEmission(
    @CurrentOperator() operator: OperatorIdentity,
    @Body() act: EmissionAct,
  ): Promise<EmissionPlanned> {
    const day = this.dayOf(act);
    await this.note(operator, 'economy.emission_preview', utcDay(day), act.reason);
    const plan = await this.emission.preview(day);
    return {
      day: plan.day,
      eligible: plan.eligible,
      rate: toJson(plan.rate),
      share: toJson(plan.share),
      paid_already: plan.paidAlready,
    };
  }

  /** Pay a day's emission; a day that was paid is not paid again */
  @Post('emission/run')
  @HttpCode(200)
  @Operator('admin')
  @Refuses(DayNotPayable)
  async runEmission(
    @CurrentOperator() operator: OperatorIdentity,
    @Body() act: EmissionAct,
  ): Promise<EmissionPaid> {
    const day = this.dayOf(act);
    this.emission.checkPayable(day);
    await this.note(operator, 'economy.emission_run', utcDay(day), act.reason);
    const paid = await this.emission.pay(day);
    return {
      day: paid.day,
      eligible: paid.eligible,
      share: toJson(paid.share),
      agents: paid.agents,
      paid: toJson(paid.paid),
    };
  }

  /** What a decay step would burn, as things stand */
  @Post('decay/preview')
  @HttpCode(200)
  @Operator('operator')
  async previewDecay(
    @CurrentOperator() operator: OperatorIdentity,
    @Body() act: DecayAct,
  ): Promise<DecayDone> {
    const step = act.step ?? this.decay.currentStep();
    await this.note(operator, 'economy.decay_preview', String(step), act.reason);
    return { step, ...(await this.decay.preview(step)) };
  }

  /** Run the decay step that is due */
  @Post('decay/run')
  @HttpCode(200)
  @Operator('admin')
  @Refuses(StepAlreadyDone, StepNotDue)
  async runDecay(@CurrentOperator() operator: OperatorIdentity, @Body() act: DecayAct): Promise<DecayDone> {
    const step = act.step ?? this.decay.currentStep();
    await this.decay.checkDue(step);
    await this.note(operator, 'economy.decay_run', String(step), act.reason);
    return { step, ...(await this.decay.run(step)) };
  }

  private dayOf({ day }: EmissionAct): Date {
    return day === undefined ? periodStart(this.clock.now(), DAY_MS) : new Date(`${day}T00:00:00.000Z`);
  }

  private note(operator: OperatorIdentity, act: string, subject: string, reason: string): Promise<void> {
    return this.audit.note({ operator, act, subject, reason });
  }
}
