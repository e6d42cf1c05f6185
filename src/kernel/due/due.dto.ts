import { IsInt, Max, Min } from 'class-validator';

const YEAR_S = 366 * 24 * 60 * 60;

export class AdvanceClock {
  /**
   * How far to move the clock forward.
   * @example 86400
   */
  @IsInt({ message: 'seconds must be a whole number.' })
  @Min(1, { message: 'seconds must be at least 1: the clock only moves forward.' })
  @Max(YEAR_S, { message: `seconds must be at most ${YEAR_S}, a year at a time.` })
  seconds: number;
}

export class ClockTime {
  /** @example 2026-03-13T17:00:00.000Z */
  now: string;
}

export class ScheduleView {
  /** @example retention */
  name: string;
  /** @example 2026-03-12T10:00:00.000Z */
  last_started_at: string | null;
  /** @example 2026-03-12T10:00:00.120Z */
  last_finished_at: string | null;
  /** @example done */
  last_outcome: 'running' | 'done' | 'failed' | null;
  last_error: string | null;
}

export class ScheduleList {
  data: ScheduleView[];
}
