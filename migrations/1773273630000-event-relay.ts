import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Inboxes, the public history of a subject, and subscribers that progress shard by shard. */
export class EventRelay1773273630000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(INBOX);
    await queryRunner.query(FILE_WHAT_IS_NUMBERED);
    await queryRunner.query(PROGRESS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX event_done_failing;
      DELETE FROM event_done AS later USING event_done AS first
       WHERE later.subscriber = first.subscriber AND later.shard > 0 AND first.shard = 0;
      ALTER TABLE event_done DROP COLUMN asked, DROP COLUMN failures, DROP COLUMN failed_position,
        DROP COLUMN last_error, DROP COLUMN retry_at;
      DROP TABLE inbox;
      DROP INDEX outbox_public;
      ALTER TABLE outbox DROP COLUMN seqs;
    `);
  }
}

/** An inbox row says where the event lies, not what it says: a payload is kept once, however many are told. */
const INBOX = `
ALTER TABLE outbox ADD COLUMN seqs jsonb;
CREATE INDEX outbox_public ON outbox (subject, position) WHERE public;
CREATE TABLE inbox (
  agent_id text COLLATE "C" NOT NULL,
  seq      bigint NOT NULL,
  position bigint NOT NULL,
  name     text COLLATE "C" NOT NULL,
  PRIMARY KEY (agent_id, seq)
);
CREATE INDEX inbox_position ON inbox USING brin (position);`;

const FILE_WHAT_IS_NUMBERED = `
INSERT INTO inbox (agent_id, seq, position, name)
  SELECT agent_id, row_number() OVER (PARTITION BY agent_id ORDER BY position), position, name
    FROM (SELECT DISTINCT agent_id, position, name FROM outbox CROSS JOIN LATERAL unnest(audience) AS told (agent_id)
           WHERE position IS NOT NULL AND agent_id IS NOT NULL) AS addressed;
UPDATE outbox SET seqs = coalesce(
    (SELECT jsonb_object_agg(agent_id, seq) FROM inbox WHERE inbox.position = outbox.position), '{}')
  WHERE position IS NOT NULL;`;

/** What a subscriber has done, and what holds it up. `asked`: somebody came while it was held by another. */
const PROGRESS = `
ALTER TABLE event_done
  ADD COLUMN asked boolean NOT NULL DEFAULT false,
  ADD COLUMN failures int NOT NULL DEFAULT 0,
  ADD COLUMN failed_position bigint,
  ADD COLUMN last_error text,
  ADD COLUMN retry_at timestamptz;
CREATE INDEX event_done_failing ON event_done (subscriber) WHERE failures > 0;
INSERT INTO event_done (subscriber, shard, position)
  SELECT subscriber, other, position FROM event_done CROSS JOIN generate_series(1, 3) AS other WHERE shard = 0
  ON CONFLICT DO NOTHING;`;
