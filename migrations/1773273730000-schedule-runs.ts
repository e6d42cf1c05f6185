import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The past runs of each due work, a week of them. What goes well within a minute shares a row, so that work that is due
 * every second adds 1,440 rows a day and not 86,400.
 */
export class ScheduleRuns1773273730000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE schedule_runs (
        id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name        text COLLATE "C" NOT NULL,
        started_at  timestamptz NOT NULL,
        minute      timestamptz NOT NULL,
        duration_ms integer NOT NULL,
        cause       text NOT NULL CHECK (cause IN ('job', 'clock', 'operator', 'process')),
        attempt     integer NOT NULL,
        outcome     text NOT NULL CHECK (outcome IN ('done', 'failed')),
        error       text,
        runs        integer NOT NULL DEFAULT 1
      );
      CREATE INDEX schedule_runs_of ON schedule_runs (name, id);
      CREATE UNIQUE INDEX schedule_runs_in_minute ON schedule_runs (name, minute, cause) WHERE outcome = 'done'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE schedule_runs');
  }
}
