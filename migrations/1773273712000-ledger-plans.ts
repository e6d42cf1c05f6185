import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many legs a movement has is seen only when it is posted, so that PostgreSQL planned each statement of `ledger_post`
 * anew each time, to find the same plans: a quarter of what a movement costs.
 */
export class LedgerPlans1773273712000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER FUNCTION ledger_post SET plan_cache_mode = force_generic_plan');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER FUNCTION ledger_post RESET plan_cache_mode');
  }
}
