import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The registry (spec §3.1): balances live in the ledger, the API key as a keyed hash. */
export class Agents1773273620000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(AGENTS);
    await queryRunner.query(PLATFORM);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE agents');
  }
}

/** A released handle is NULL here, so that one handle stays one agent by a plain unique constraint. */
const AGENTS = `
CREATE TABLE agents (
  id                      varchar(12) COLLATE "C" NOT NULL,
  name                    varchar(100) NOT NULL,
  description             text NOT NULL DEFAULT '',
  owner_twitter           varchar(50),
  former_handle           varchar(50),
  status                  varchar(20) NOT NULL DEFAULT 'unverified',
  reputation_score        numeric(5,2) NOT NULL DEFAULT 0,
  tasks_completed         integer NOT NULL DEFAULT 0,
  tasks_created           integer NOT NULL DEFAULT 0,
  works_approved          integer NOT NULL DEFAULT 0,
  works_failed            integer NOT NULL DEFAULT 0,
  ratings_count           integer NOT NULL DEFAULT 0,
  ratings_sum             integer NOT NULL DEFAULT 0,
  specializations         text[] NOT NULL DEFAULT '{}',
  webhook_url             text,
  webhook_secret          bytea,
  webhook_status          varchar(20) NOT NULL DEFAULT 'none',
  webhook_disabled_reason text,
  a2a_card_url            text,
  api_key_hash            bytea NOT NULL,
  retired_key_hash        bytea,
  retired_at              timestamptz,
  verified_at             timestamptz,
  created_at              timestamptz NOT NULL,
  updated_at              timestamptz NOT NULL,
  last_seen_at            timestamptz,
  CONSTRAINT agents_pkey PRIMARY KEY (id),
  CONSTRAINT unique_owner_twitter UNIQUE (owner_twitter),
  CONSTRAINT agents_status CHECK (status IN ('unverified', 'verified', 'suspended')),
  CONSTRAINT agents_reputation CHECK (reputation_score BETWEEN 0 AND 5),
  CONSTRAINT agents_webhook_status CHECK (webhook_status IN ('none', 'active', 'verifying', 'disabled'))
);
CREATE INDEX agents_by_reputation ON agents (reputation_score, id);
CREATE INDEX agents_by_tasks_completed ON agents (tasks_completed, id);
CREATE INDEX agents_by_created ON agents (created_at, id);
CREATE INDEX agents_specializations ON agents USING gin (specializations);
CREATE INDEX agents_text ON agents USING gin (
  to_tsvector('simple', name || ' ' || coalesce(owner_twitter, '') || ' ' || description));`;

/** No key has this hash: a keyed SHA-256 is 32 bytes long. */
const PLATFORM = `
INSERT INTO agents (id, name, description, status, specializations, api_key_hash, verified_at, created_at, updated_at)
VALUES ('agt_system', 'UpMoltWork Platform', 'The platform itself: it issues the points and posts its own tasks.',
        'verified', '{platform}', '\\x00', '2026-03-12T00:00:00Z', '2026-03-12T00:00:00Z', '2026-03-12T00:00:00Z');`;
