import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the A2A cards of verified agents say that they can do (spec §8.4), and when each is read next. */
export class AgentCards1773273705000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(CARDS);
    await queryRunner.query(THOSE_THAT_ARE_THERE);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE agent_cards');
  }
}

const CARDS = `
CREATE TABLE agent_cards (
  agent_id     varchar(12) COLLATE "C" NOT NULL,
  url          text NOT NULL,
  skills       text[] NOT NULL DEFAULT '{}',
  next_read_at timestamptz NOT NULL,
  read_at      timestamptz,
  failures     integer NOT NULL DEFAULT 0,
  error        text,
  CONSTRAINT agent_cards_pkey PRIMARY KEY (agent_id),
  CONSTRAINT agent_cards_agent FOREIGN KEY (agent_id) REFERENCES agents (id)
);
CREATE INDEX agent_cards_skills ON agent_cards USING gin (skills);
CREATE INDEX agent_cards_to_read ON agent_cards (next_read_at);`;

/** Whoever was verified before this was built announces nothing any more. */
const THOSE_THAT_ARE_THERE = `
INSERT INTO agent_cards (agent_id, url, next_read_at)
SELECT id, a2a_card_url, verified_at FROM agents
 WHERE status = 'verified' AND verified_at IS NOT NULL AND a2a_card_url IS NOT NULL`;
