import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Leaderboards list verified agents alone, and only those who are verified now are counted as such. */
export class ShowcaseVerified1773273725001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // A process that counts meanwhile waits for this, then goes on from the mended figures.
    await queryRunner.query('LOCK TABLE showcase_agents IN SHARE ROW EXCLUSIVE MODE');
    await queryRunner.query(SUSPENDED);
    await queryRunner.query(LISTED);
    await queryRunner.query(comment('Only verified agents are on a leaderboard, and not the platform.'));
  }

  /** The earlier version counts each agent its own way again at that agent's next event. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(comment('Neither the platform nor anyone suspended is on a leaderboard.'));
  }
}

const SUSPENDED = `
WITH suspended AS (
  SELECT agent_id, verified FROM showcase_agents JOIN agents ON id = agent_id
   WHERE status <> 'verified' AND verified IS NOT NULL
), uncounted AS (
  UPDATE showcase_agents SET verified = NULL FROM suspended WHERE showcase_agents.agent_id = suspended.agent_id
)
UPDATE showcase_days SET agents_verified = agents_verified - gone.agents
  FROM (SELECT verified AS day, count(*) AS agents FROM suspended GROUP BY verified) AS gone
 WHERE showcase_days.day = gone.day`;

const LISTED = `
WITH unlisted AS (
  UPDATE showcase_agents SET is_listed = false FROM agents
   WHERE id = agent_id AND status <> 'verified' AND is_listed RETURNING agent_id
)
UPDATE showcase_standings SET is_listed = false FROM unlisted
 WHERE showcase_standings.agent_id = unlisted.agent_id AND is_listed`;

const comment = (text: string): string => `COMMENT ON COLUMN showcase_agents.is_listed IS '${text}'`;
