import { Injectable, Logger } from '@nestjs/common';
import { before, Clock, DAY_MS, periodStart, utcDay } from '#kernel/clock';
import { AgentsService } from '#modules/agents';
import { CHUNK_SIZE, Figures, Treasury, type EmissionDay } from '#modules/points';
import {
  ACTIVE_DAYS,
  BALANCE_CAP,
  CATCH_UP_DAYS,
  daysToPay,
  EMISSION_DAY_CAP,
  planEmission,
  type EmissionPlan,
} from './domain/emission.js';
import { DayNotPayable } from './economy.errors.js';

export interface EmissionPreview extends EmissionPlan {
  day: string;
  eligible: number;
  paidAlready: boolean;
}

/** The daily emission (rules §5.4). Which day was paid, and to whom, the ledger knows; so it may run anywhere, twice. */
@Injectable()
export class Emission {
  private readonly logger = new Logger('Emission');

  constructor(
    private readonly treasury: Treasury,
    private readonly figures: Figures,
    private readonly agents: AgentsService,
    private readonly clock: Clock,
  ) {}

  async nextDue(): Promise<Date> {
    const last = await this.lastPaid();
    const [next] = daysToPay(last, this.clock.now());
    return next ?? new Date(last!.getTime() + DAY_MS);
  }

  /** Pays what is owed up to this time, the oldest day first. */
  async payUpTo(at: Date): Promise<EmissionDay[]> {
    const paid: EmissionDay[] = [];
    for (const day of daysToPay(await this.lastPaid(), at)) paid.push(await this.pay(day, at));
    return paid;
  }

  /** Operators may pay today and the days that are still made up for. */
  checkPayable(day: Date): void {
    const at = this.clock.now();
    const isOwed = day <= at && day >= before(periodStart(at, DAY_MS), CATCH_UP_DAYS * DAY_MS);
    if (!isOwed) throw new DayNotPayable(utcDay(day));
  }

  /** A day that was paid is not paid again. */
  async pay(day: Date, at = this.clock.now()): Promise<EmissionDay> {
    const activeSince = before(day, ACTIVE_DAYS * DAY_MS);
    const eligible = await this.agents.countActive(activeSince, day);
    const plan = planEmission(await this.figures.supply(), eligible);
    const terms = { ...plan, eligible, dayCap: EMISSION_DAY_CAP, balanceCap: BALANCE_CAP };
    const paid = await this.treasury.emit(
      day,
      terms,
      this.agents.activeIds(activeSince, day, CHUNK_SIZE),
      at,
    );
    this.logger.log({ msg: 'emission paid', day: utcDay(day), agents: paid.agents, eligible: paid.eligible });
    return paid;
  }

  async preview(day: Date): Promise<EmissionPreview> {
    const eligible = await this.agents.countActive(before(day, ACTIVE_DAYS * DAY_MS), day);
    const earlier = await this.treasury.emissionOf(day);
    return {
      ...planEmission(await this.figures.supply(), eligible),
      day: utcDay(day),
      eligible,
      paidAlready: earlier?.closed ?? false,
    };
  }

  private async lastPaid(): Promise<Date | undefined> {
    const last = await this.treasury.lastEmission();
    if (!last) return undefined;
    const day = new Date(`${last.day}T00:00:00.000Z`);
    // A day that was begun and not finished is owed still.
    return last.closed ? day : before(day, DAY_MS);
  }
}
