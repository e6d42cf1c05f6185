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
  /**
   * When it is due next; in the past while it is due. Null for nothing in sight.
   * @example 2026-03-13T00:00:00.000Z
   */
  next_run_at: string | null;
}

export class ScheduleList {
  data: ScheduleView[];
}

export class ScheduleRunView {
  /** @example 2026-03-12T10:00:00.000Z */
  started_at: string;
  /**
   * Of the longest, where several share the entry.
   * @example 120
   */
  duration_ms: number;
  /**
   * Who started it: a job, the sandbox's clock, an operator, or a process without a job while the queue was down.
   * @example job
   */
  cause: 'job' | 'clock' | 'operator' | 'process';
  /**
   * Counts the attempts of one job.
   * @example 1
   */
  attempt: number;
  /** @example done */
  outcome: 'done' | 'failed';
  error: string | null;
  /**
   * How many runs this entry covers: successful runs within a minute share one.
   * @example 1
   */
  runs: number;
}

export class ScheduleRunPage {
  data: ScheduleRunView[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
}
