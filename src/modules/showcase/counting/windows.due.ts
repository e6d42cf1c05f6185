import { Injectable } from '@nestjs/common';
import { Clock, DAY_MS, after, periodStart } from '#kernel/clock';
import { UnitOfWork } from '#platform/database';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { MOVING_PERIODS, windowStart } from '../domain/windows.js';
import { CountStore } from '../persistence/count.store.js';

/** At 00:00 UTC the oldest day leaves each leaderboard with a window. */
@Injectable()
@DueWork('leaderboard-windows')
export class WindowsDue implements DueWorker {
  constructor(
    private readonly store: CountStore,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async nextDue(): Promise<Date> {
    const now = this.clock.now();
    const windows = await this.work.run((tx) => this.store.windows(tx));
    const isBehind = MOVING_PERIODS.some((period) => windows.get(period)! < windowStart(period, now));
    const today = periodStart(now, DAY_MS);
    return isBehind ? today : after(today, DAY_MS);
  }

  async run(at: Date): Promise<void> {
    for (const period of MOVING_PERIODS) {
      await this.work.run((tx) => this.store.moveWindow(tx, period, windowStart(period, at)));
    }
  }
}
