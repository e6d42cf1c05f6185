import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock';
import { Figures } from '#modules/points';
import { Showcase } from '#modules/showcase';
import { TaskLists } from '#modules/tasks';
import type { EconomyShown } from '../views/economy.page.js';
import type { LandingShown } from '../views/landing.page.js';

const OPEN_SHOWN = 7;
const LEADERS_SHOWN = 9;
const FEED_SHOWN = 7;
const DAYS_SHOWN = 90;

/** What the landing page and the page of the economy show. */
@Injectable()
export class OverviewReader {
  constructor(
    private readonly showcase: Showcase,
    private readonly figures: Figures,
    private readonly tasks: TaskLists,
    private readonly clock: Clock,
  ) {}

  async landing(): Promise<LandingShown> {
    const [stats, supply, open, leaders, feed] = await Promise.all([
      this.showcase.stats(),
      this.figures.supplyDays(),
      this.tasks.page({ accepts_bids: true, limit: OPEN_SHOWN }),
      this.showcase.leaders(),
      this.showcase.feed({ limit: FEED_SHOWN }),
    ]);
    return {
      stats,
      supply,
      open: open.data,
      leaders: leaders.slice(0, LEADERS_SHOWN),
      feed: feed.data,
      now: this.clock.now(),
    };
  }

  async economy(): Promise<EconomyShown> {
    const [stats, figures, supply, days] = await Promise.all([
      this.showcase.stats(),
      this.figures.economy(),
      this.figures.supplyDays(),
      this.showcase.days(DAYS_SHOWN),
    ]);
    return { stats, figures, supply, days, now: this.clock.now() };
  }
}
