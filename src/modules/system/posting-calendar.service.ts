import { Injectable } from '@nestjs/common';
import { periodAt } from './domain/calendar.js';
import { SHIPPED } from './domain/catalogue.js';
import { CALENDAR_CADENCES, type CalendarCadence } from './domain/entry.js';
import { PostingsStore } from './persistence/postings.store.js';
import { SystemTasks, type Outcome } from './system-tasks.service.js';

/**
 * The weekly, monthly and quarterly kinds. A platform that was away for several periods posts for the latest alone, and
 * one that starts for the first time posts from the next on.
 */
@Injectable()
export class PostingCalendar {
  constructor(
    private readonly store: PostingsStore,
    private readonly systemTasks: SystemTasks,
  ) {}

  async nextDue(): Promise<Date> {
    const done = await this.store.periodsDone();
    const dues = CALENDAR_CADENCES.map((cadence) => {
      const last = done.get(cadence);
      return last ? periodAt(cadence, last).endsAt.getTime() : 0;
    });
    return new Date(Math.min(...dues));
  }

  /** The kinds of which a period has begun that is not closed. */
  async dueKinds(at: Date): Promise<string[]> {
    return (await this.due(at)).flatMap(({ isFirst, kinds }) => (isFirst ? [] : kinds));
  }

  /** First the tasks, then the period: whoever dies in between leaves it open, and the keys keep what was posted. */
  async postDue(at: Date): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const { cadence, beginsAt, isFirst, kinds } of await this.due(at)) {
      for (const kind of isFirst ? [] : kinds) outcomes.push(await this.systemTasks.postKind(kind, at));
      await this.store.closePeriod(cadence, beginsAt);
    }
    return outcomes;
  }

  private async due(at: Date): Promise<DuePeriod[]> {
    const done = await this.store.periodsDone();
    return CALENDAR_CADENCES.flatMap((cadence) => {
      const last = done.get(cadence);
      const { beginsAt } = periodAt(cadence, at);
      if (last && last >= beginsAt) return [];
      return [{ cadence, beginsAt, isFirst: last === undefined, kinds: kindsOf(cadence) }];
    });
  }
}

interface DuePeriod {
  cadence: CalendarCadence;
  beginsAt: Date;
  isFirst: boolean;
  kinds: string[];
}

/** Edits change no cadence. */
const kindsOf = (cadence: CalendarCadence): string[] =>
  SHIPPED.filter((entry) => entry.cadence === cadence).map(({ kind }) => kind);
