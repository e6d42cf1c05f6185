import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a draw asks about sleepers and about the record of who sits in panels of five, and which panels sat before. */
export class JudgingRecords1773273724000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(SILENCES);
    await queryRunner.query(PAST_PANELS);
    await queryRunner.query(RECORDS);
    await queryRunner.query(JUDGED_WORK_ALONE);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX reputation_changes_sandbox;
      DROP INDEX reputation_completions_by_creator;
      ALTER TABLE judgements DROP COLUMN past_panels;
      ALTER TABLE validator_standings DROP COLUMN silent_at, DROP COLUMN silences`);
  }
}

/** Assignments in a row that an agent let pass, two at most: more says nothing more. */
const SILENCES = `
ALTER TABLE validator_standings
  ADD silences smallint NOT NULL DEFAULT 0,
  ADD silent_at timestamptz,
  ADD CONSTRAINT validator_standings_silences
    CHECK (silences BETWEEN 0 AND 2 AND (silences = 0) = (silent_at IS NULL));
CREATE INDEX validator_standings_silent ON validator_standings (agent_id) INCLUDE (silent_at) WHERE silences = 2`;

/** The panels that sat before the one that sits now. */
const PAST_PANELS = `ALTER TABLE judgements ADD past_panels jsonb NOT NULL DEFAULT '[]'`;

const RECORDS = `
CREATE INDEX reputation_completions_by_creator ON reputation_completions (executor_agent_id, creator_agent_id)
  WHERE NOT overturned;
CREATE INDEX reputation_changes_sandbox ON reputation_changes (agent_id) WHERE cause = 'sandbox'`;

/** Work that nobody was to judge used to count as a success. Scores that it has moved stay: their history is not rewritten. */
const JUDGED_WORK_ALONE = `
WITH unjudged AS (
  DELETE FROM reputation_completions USING submissions, tasks
   WHERE submissions.id = submission_id AND tasks.id = submissions.task_id AND NOT tasks.validation_required
  RETURNING reputation_completions.executor_agent_id AS id)
UPDATE agents SET works_approved = works_approved - works
  FROM (SELECT id, count(*)::int AS works FROM unjudged GROUP BY id) counted WHERE agents.id = counted.id`;
