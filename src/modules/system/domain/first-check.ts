import { after, HOUR_MS, periodStart } from '#kernel/clock';

/** The first hour, from the next one on, at which too few tasks are open; deadlines alone make them fewer. */
export function firstCheckFrom(next: Date, tooFewFrom: Date | undefined): Date {
  if (!tooFewFrom || tooFewFrom <= next) return next;
  const hour = periodStart(tooFewFrom, HOUR_MS);
  return hour < tooFewFrom ? after(hour, HOUR_MS) : hour;
}
