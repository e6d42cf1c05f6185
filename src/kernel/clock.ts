export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The time by which the rules count. Tests and the sandbox move it; nothing else asks for the time. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

export const after = (time: Date, ms: number): Date => new Date(time.getTime() + ms);
export const before = (time: Date, ms: number): Date => new Date(time.getTime() - ms);

/** The start of the period of this length, counted from 1970-01-01 00:00 UTC, in which the time lies. */
export const periodStart = (time: Date, lengthMs: number): Date =>
  new Date(Math.floor(time.getTime() / lengthMs) * lengthMs);

/** The calendar day in UTC, as `2026-03-12`. */
export const utcDay = (time: Date): string => time.toISOString().slice(0, 10);
