import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings';
import { DueWork, type DueWorker } from '#platform/scheduling';
import { PostingCalendar } from './posting-calendar.service.js';

/** Mondays, and the first of each month and quarter, at 10:00 UTC. */
@Injectable()
@DueWork('system-calendar')
export class CalendarDue implements DueWorker {
  constructor(
    private readonly calendar: PostingCalendar,
    private readonly settings: Settings,
  ) {}

  async nextDue(): Promise<Date | null> {
    return this.settings.systemTasks ? this.calendar.nextDue() : null;
  }

  async run(at: Date): Promise<void> {
    await this.calendar.postDue(at);
  }
}
