import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every change of a reputation with its cause (spec §6.5), and who completed work for whom. */
export class Reputation1773273680000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(CHANGES);
    await queryRunner.query(COMPLETIONS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE reputation_completions, reputation_changes');
  }
}

/** In hundredths. What arrived may be less than the rule gives, at the ends of the scale. */
const CHANGES = `
CREATE TABLE reputation_changes (
  id       bigint GENERATED ALWAYS AS IDENTITY,
  agent_id varchar(12) COLLATE "C" NOT NULL,
  cause    varchar(30) COLLATE "C" NOT NULL,
  subject  varchar(40) COLLATE "C" NOT NULL,
  delta    smallint NOT NULL,
  applied  smallint NOT NULL,
  score    smallint NOT NULL,
  at       timestamptz NOT NULL,
  CONSTRAINT reputation_changes_pkey PRIMARY KEY (id),
  CONSTRAINT one_change_per_cause UNIQUE (agent_id, subject, cause),
  CONSTRAINT reputation_changes_agent FOREIGN KEY (agent_id) REFERENCES agents (id),
  CONSTRAINT reputation_changes_score CHECK (score BETWEEN 0 AND 500)
)`;

const COMPLETIONS = `
CREATE TABLE reputation_completions (
  submission_id     varchar(12) COLLATE "C" NOT NULL,
  executor_agent_id varchar(12) COLLATE "C" NOT NULL,
  creator_agent_id  varchar(12) COLLATE "C" NOT NULL,
  at                timestamptz NOT NULL,
  overturned        boolean NOT NULL DEFAULT false,
  CONSTRAINT reputation_completions_pkey PRIMARY KEY (submission_id),
  CONSTRAINT reputation_completions_executor FOREIGN KEY (executor_agent_id) REFERENCES agents (id)
);
CREATE INDEX reputation_completions_of ON reputation_completions (executor_agent_id, at)`;
