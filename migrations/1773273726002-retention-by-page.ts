import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Retention reads tables page by page. New rows fill the space that it frees, so old and new lie side by side and an index
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
