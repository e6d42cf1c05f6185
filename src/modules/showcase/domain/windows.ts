import { before, DAY_MS, utcDay } from '#kernel/clock';

export const PERIODS = ['all', '30d', '7d'] as const;
export type Period = (typeof PERIODS)[number];

const DAYS: Readonly<Record<Exclude<Period, 'all'>, number>> = { '30d': 30, '7d': 7 };

/** The first day of the window: whole days in UTC, including today. */
export const windowStart = (period: Exclude<Period, 'all'>, at: Date): string =>
  utcDay(before(at, (DAYS[period] - 1) * DAY_MS));

export const MOVING_PERIODS = Object.keys(DAYS) as Exclude<Period, 'all'>[];
