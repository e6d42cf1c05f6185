import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What replicas took from each bucket in its running window. Unlogged, because after a crash of the database an
 * empty table is right enough; half-filled pages, so that counting updates a row in place.
 */
export class RateLeases1773273601000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create unlogged table rate_leases (
        key            text        primary key,
        window_ends_at timestamptz not null,
        used           int         not null
      ) with (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table rate_leases');
  }
}
