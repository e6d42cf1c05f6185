import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The last changes of one agent's reputation. Without it PostgreSQL walks back through everybody's until it has found twenty:
 * 300 ms among a million for an agent that has been quiet for long, 0.1 ms with it.
 */
export class ReputationHistory1773273710000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX reputation_changes_of ON reputation_changes (agent_id, id)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX reputation_changes_of');
  }
}
