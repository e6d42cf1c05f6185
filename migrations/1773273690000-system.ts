import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the platform posts by itself: what operators changed of the catalogue, what was posted for what, and how far. */
export class System1773273690000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(EDITS);
    await queryRunner.query(POSTINGS);
    await queryRunner.query(CALENDAR);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE system_calendar, system_postings, system_catalogue_edits');
  }
}

const EDITS = `
CREATE TABLE system_catalogue_edits (
  kind                text COLLATE "C" PRIMARY KEY,
  title               varchar(200),
  description         text,
  acceptance_criteria text[],
  points              numeric(12,2),
  category            varchar(30) COLLATE "C",
  variants            text[],
  deadline_days       smallint,
  enabled             boolean,
  edited_at           timestamptz NOT NULL
);
COMMENT ON TABLE system_catalogue_edits IS 'What operators changed; null where the shipped catalogue holds.';`;

/** The primary key is what makes none twice: a kind, and what it was posted for. */
const POSTINGS = `
CREATE TABLE system_postings (
  kind      text COLLATE "C" NOT NULL,
  occasion  text COLLATE "C" NOT NULL,
  variant   text COLLATE "C" NOT NULL DEFAULT '',
  task_id   varchar(12) COLLATE "C" NOT NULL,
  row_id    bigint GENERATED ALWAYS AS IDENTITY,
  posted_at timestamptz NOT NULL,
  PRIMARY KEY (kind, occasion),
  CONSTRAINT system_postings_task UNIQUE (task_id),
  CONSTRAINT system_postings_of_task FOREIGN KEY (task_id) REFERENCES tasks (id)
);
CREATE INDEX system_postings_last ON system_postings (kind, variant, row_id);`;

const CALENDAR = `
CREATE TABLE system_calendar (
  cadence text COLLATE "C" PRIMARY KEY,
  period  timestamptz NOT NULL
);
COMMENT ON COLUMN system_calendar.period IS 'When the last period began for which everything was posted.';`;
