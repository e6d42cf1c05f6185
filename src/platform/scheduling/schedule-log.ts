import { Injectable } from '@nestjs/common';
import { MINUTE_MS, periodStart } from '#kernel/clock';
import { Database } from '#platform/database';

/** Who started a run: a job, the sandbox's clock, an operator, or the process itself while the queue was away. */
export type RunCause = 'job' | 'clock' | 'operator' | 'process';

export interface RunToLog {
  name: string;
  at: Date;
  cause: RunCause;
  attempt?: number;
}

export interface ScheduleRun {
  name: string;
  last_started_at: Date | null;
  last_finished_at: Date | null;
  last_outcome: 'running' | 'done' | 'failed' | null;
  last_error: string | null;
}

export interface PastRun {
  id: string;
  started_at: Date;
  duration_ms: number;
  cause: RunCause;
  attempt: number;
  outcome: 'done' | 'failed';
  error: string | null;
  runs: number;
}

/** What operators see of each due work: when it last ran, how that ended, and its runs of a week. */
@Injectable()
export class ScheduleLog {
  constructor(private readonly database: Database) {}

  async around(run: RunToLog, work: () => Promise<void>): Promise<void> {
    await this.database.query(BEGIN, [run.name, run.at]);
    const begun = performance.now();
    try {
      await work();
      await this.finish(run, begun, 'done', null);
    } catch (error) {
      await this.finish(
        run,
        begun,
        'failed',
        error instanceof Error ? error.message.slice(0, 500) : 'unknown',
      );
      throw error;
    }
  }

  async list(): Promise<ScheduleRun[]> {
    return this.database.query<ScheduleRun>('SELECT * FROM schedules ORDER BY name');
  }

  /** The newest first. */
  async runs(name: string, before: string | undefined, limit: number): Promise<PastRun[]> {
    return this.database.query<PastRun>(
      `SELECT id::text, started_at, duration_ms, cause, attempt, outcome, error, runs FROM schedule_runs AS past
        WHERE name = $1 AND ($2::bigint IS NULL OR past.id < $2) ORDER BY past.id DESC LIMIT $3`,
      [name, before ?? null, limit],
    );
  }

  private async finish(
    { name, at, cause, attempt = 1 }: RunToLog,
    begun: number,
    outcome: PastRun['outcome'],
    error: string | null,
  ): Promise<void> {
    const durationMs = Math.round(performance.now() - begun);
    const minute = periodStart(at, MINUTE_MS);
    await this.database.query(FINISH, [name, at, outcome, error, durationMs, cause, attempt, minute]);
  }
}

/** Nothing depends on the log: a crash may cost its last half second, and no run waits for the disk. */
const LAZILY = `lazily AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;

const BEGIN = `
  WITH ${LAZILY}
  INSERT INTO schedules AS s (name, last_started_at, last_outcome) SELECT $1, $2::timestamptz, 'running' FROM lazily
  ON CONFLICT (name) DO UPDATE SET last_started_at = $2, last_outcome = 'running'`;

/** Work that is due every second keeps one row a minute of what went well, and one of each failure. */
const FINISH = `
  WITH ${LAZILY},
  latest AS (
    UPDATE schedules SET last_finished_at = $2, last_outcome = $3, last_error = $4 WHERE name = $1)
  INSERT INTO schedule_runs AS past (name, started_at, minute, duration_ms, cause, attempt, outcome, error)
  SELECT $1, $2, $8::timestamptz, $5::int, $6::text, $7::int, $3::text, $4::text FROM lazily
  ON CONFLICT (name, minute, cause) WHERE outcome = 'done'
  DO UPDATE SET runs = past.runs + 1, duration_ms = greatest(past.duration_ms, excluded.duration_ms)`;
