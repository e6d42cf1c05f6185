import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is forgotten is looked for page by page, and in the space that it leaves the new lie beside the old, where an index
 * of ranges finds nothing.
 */
export class RetentionByPage1773273726002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX idempotency_keys_created, inbox_position');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX idempotency_keys_created ON idempotency_keys USING brin (created_at);
      CREATE INDEX inbox_position ON inbox USING brin (position)`);
  }
}
