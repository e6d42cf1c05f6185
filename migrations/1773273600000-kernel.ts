import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every module stands on: events, idempotency, due work, operators. */
export class Kernel1773273600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(EVENTS);
    await queryRunner.query(IDEMPOTENCY);
    await queryRunner.query(DUE_WORK);
    await queryRunner.query(OPERATORS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE audit_log, operator_keys, clock, schedules, due_runs, idempotency_keys, event_done, outbox;
      DROP FUNCTION refuse_change();
    `);
  }
}

/** A row without a position is committed but not yet numbered by the relay; the partial index is its work list. */
const EVENTS = `
CREATE TABLE outbox (
  row_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id        text COLLATE "C" NOT NULL,
  name      text COLLATE "C" NOT NULL,
  subject   text COLLATE "C" NOT NULL,
  audience  text[] COLLATE "C" NOT NULL,
  public    boolean NOT NULL DEFAULT false,
  priority  smallint NOT NULL DEFAULT 0,
  data      jsonb NOT NULL,
  at        timestamptz NOT NULL,
  position  bigint
);
CREATE INDEX outbox_unnumbered ON outbox (priority, row_id) WHERE position IS NULL;
CREATE UNIQUE INDEX outbox_position ON outbox (position);

CREATE TABLE event_done (
  subscriber text COLLATE "C" NOT NULL,
  shard      smallint NOT NULL,
  position   bigint NOT NULL,
  held_by    text,
  held_until timestamptz,
  PRIMARY KEY (subscriber, shard)
);`;

/** The Idempotency-Key itself is not kept, so that it can be what unlocks a sealed answer. */
const IDEMPOTENCY = `
CREATE TABLE idempotency_keys (
  caller       text COLLATE "C" NOT NULL,
  key_hash     bytea NOT NULL,
  request_hash bytea NOT NULL,
  answer       text,
  sealed       bytea,
  movement_id  bigint,
  created_at   timestamptz NOT NULL,
  PRIMARY KEY (caller, key_hash),
  CHECK (num_nonnulls(answer, sealed, movement_id) = 1)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys USING brin (created_at);`;

const DUE_WORK = `
CREATE TABLE due_runs (
  name    text COLLATE "C" NOT NULL,
  period  timestamptz NOT NULL,
  done_at timestamptz NOT NULL,
  PRIMARY KEY (name, period)
);
CREATE TABLE schedules (
  name             text COLLATE "C" PRIMARY KEY,
  last_started_at  timestamptz,
  last_finished_at timestamptz,
  last_outcome     text CHECK (last_outcome IN ('running', 'done', 'failed')),
  last_error       text
);
CREATE TABLE clock (
  singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  offset_ms  bigint NOT NULL DEFAULT 0 CHECK (offset_ms >= 0),
  advance_to timestamptz
);
INSERT INTO clock DEFAULT VALUES;`;

const OPERATORS = `
CREATE TABLE operator_keys (
  id         varchar(12) COLLATE "C" PRIMARY KEY,
  name       varchar(100) NOT NULL,
  role       text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  key_hash   bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE TABLE audit_log (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at            timestamptz NOT NULL,
  operator_id   text COLLATE "C" NOT NULL,
  operator_name text NOT NULL,
  act           text COLLATE "C" NOT NULL,
  subject       text COLLATE "C" NOT NULL,
  reason        text NOT NULL CHECK (length(reason) BETWEEN 5 AND 500),
  details       jsonb NOT NULL
);
CREATE INDEX audit_log_subject ON audit_log (subject, id);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;
