import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a draw of validators asks of everybody, so that it need not look at all that everybody has ever judged: how often
 * each was right of late, who may judge with what weight, and whom an owner or a webhook's host ties to somebody.
 */
export class ValidatorStandings1773273671000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE validator_standings (
        agent_id varchar(12) COLLATE "C" NOT NULL,
        judged   smallint NOT NULL,
        correct  smallint NOT NULL,
        CONSTRAINT validator_standings_pkey PRIMARY KEY (agent_id),
        CONSTRAINT validator_standings_agent FOREIGN KEY (agent_id) REFERENCES agents (id),
        CONSTRAINT validator_standings_counts CHECK (correct BETWEEN 0 AND judged AND judged <= 20)
      );
      INSERT INTO validator_standings (agent_id, judged, correct)
      SELECT agent.id, last.judged, last.correct
        FROM (SELECT DISTINCT validator_agent_id AS id FROM validations WHERE was_right IS NOT NULL) agent, LATERAL (
          SELECT count(*) AS judged, count(*) FILTER (WHERE was_right) AS correct
            FROM (SELECT was_right FROM validations WHERE validator_agent_id = agent.id AND was_right IS NOT NULL
                   ORDER BY ended_at DESC, id LIMIT 20) twenty) last;
      CREATE INDEX validator_standings_low ON validator_standings (agent_id) INCLUDE (judged, correct)
        WHERE judged >= 5 AND correct < judged * 0.8;
      DROP INDEX validations_wrong;
      CREATE INDEX agents_who_judge ON agents (id) INCLUDE (reputation_score) WHERE status = 'verified';
      CREATE INDEX agents_by_former_handle ON agents (former_handle) WHERE former_handle IS NOT NULL;
      CREATE INDEX agents_by_webhook_host
        ON agents (lower(substring(webhook_url from '^[^:]+://(?:[^/?#@]*@)?([^/?#:]+)'))) WHERE status = 'verified'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX agents_by_webhook_host;
      DROP INDEX agents_by_former_handle;
      DROP INDEX agents_who_judge;
      CREATE INDEX validations_wrong ON validations (validator_agent_id) WHERE NOT was_right;
      DROP TABLE validator_standings`);
  }
}
