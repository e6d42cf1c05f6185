import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings';
import { Clock, HOUR_MS, periodStart } from '#kernel/clock';
import { OpenTasks } from '#modules/tasks';
import { Database, UnitOfWork } from '#platform/database';
import { DueWork, Periodic } from '#platform/scheduling';
import { OPEN_TASKS_MIN } from './domain/bounties.js';
import { firstCheckFrom } from './domain/first-check.js';
import { Liquidity } from './liquidity.service.js';

/** Every hour on the hour, and at the first start. */
@Injectable()
@DueWork('system-liquidity')
export class LiquidityDue extends Periodic {
  protected readonly name = 'system-liquidity';
  protected readonly everyMs = HOUR_MS;

  constructor(
    database: Database,
    work: UnitOfWork,
    private readonly liquidity: Liquidity,
    private readonly open: OpenTasks,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    super(database, work);
  }

  /**
   * Once the hour is done, the next that can find too little: when the sandbox moves the clock, nobody takes a task on
   * the way, and thousands of hours would be stopped at for nothing. Hours that come by themselves are all checked.
   */
  override async nextDue(): Promise<Date | null> {
    if (!this.settings.systemTasks) return null;
    const next = (await super.nextDue())!;
    if (next <= periodStart(this.clock.now(), HOUR_MS)) return next;
    return firstCheckFrom(next, await this.open.fewerThan(OPEN_TASKS_MIN));
  }

  /** First the work, then the claim: whoever dies in between leaves the hour to be checked again. */
  override async run(at: Date): Promise<void> {
    await this.liquidity.check(at);
    await super.run(at);
  }

  protected async once(): Promise<void> {}
}
