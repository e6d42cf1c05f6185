import { after, before, DAY_MS, HOUR_MS, periodStart, utcDay } from '#kernel/clock';
import type { CalendarCadence } from './entry.js';

/** Rules §7.3: Mondays at 10:00 UTC; the first of a month and of a quarter at the same hour. */
export const POSTING_HOUR_MS = 10 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05 was the first Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS + POSTING_HOUR_MS;

export interface Period {
  /** The same for everybody who posts for it: `week:2026-03-09`. */
  key: string;
  /** As people call it. */
  name: string;
  beginsAt: Date;
  /** When the next one begins. */
  endsAt: Date;
}

/** The period in which the time lies. */
export function periodAt(cadence: CalendarCadence, time: Date): Period {
  switch (cadence) {
    case 'weekly':
      return week(time);
    case 'monthly':
      return months(time, 1);
    case 'quarterly':
      return months(time, 3);
  }
}

function week(time: Date): Period {
  const beginsAt = after(periodStart(before(time, FIRST_MONDAY_MS), WEEK_MS), FIRST_MONDAY_MS);
  const day = utcDay(beginsAt);
  return { key: `week:${day}`, name: `the week of ${day}`, beginsAt, endsAt: after(beginsAt, WEEK_MS) };
}

function months(time: Date, count: 1 | 3): Period {
  const day = periodStart(before(time, POSTING_HOUR_MS), DAY_MS);
  const first = monthsBefore(firstOfMonth(day), day.getUTCMonth() % count);
  const month = utcDay(first).slice(0, 7);
  const quarter = `${first.getUTCFullYear()}-Q${Math.floor(first.getUTCMonth() / 3) + 1}`;
  return {
    key: count === 1 ? `month:${month}` : `quarter:${quarter}`,
    name: count === 1 ? month : quarter,
    beginsAt: after(first, POSTING_HOUR_MS),
    endsAt: after(monthsAfter(first, count), POSTING_HOUR_MS),
  };
}

const firstOfMonth = (day: Date): Date => before(day, (day.getUTCDate() - 1) * DAY_MS);

function monthsBefore(first: Date, count: number): Date {
  return count === 0 ? first : monthsBefore(firstOfMonth(before(first, DAY_MS)), count - 1);
}

/** No month has 32 days, and none that follows one ends by then. */
function monthsAfter(first: Date, count: number): Date {
  return count === 0 ? first : monthsAfter(firstOfMonth(after(first, 32 * DAY_MS)), count - 1);
}
